// Netioapi.h: netioapi.h as some programs spell it.
#pragma once

#include "netioapi.h"
