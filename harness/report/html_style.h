/*
 * html_style.h: html.css, as it is in the program. Private to report/.
 */
#pragma once

extern const char html_style[];
