// Winternl.h: winternl.h as some programs spell it.
#pragma once

#include "winternl.h"
