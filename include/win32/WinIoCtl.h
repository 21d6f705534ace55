// WinIoCtl.h: winioctl.h as some programs spell it.
#pragma once

#include "winioctl.h"
