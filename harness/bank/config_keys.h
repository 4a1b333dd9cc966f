/*
 * config_keys.h: what a configuration's YAML says, read into a Config. Private to config.c.
 */
#pragma once

#include <glib.h>
#include <yaml.h>

#include "bank/config.h"

/* Fills config from a tree, which may be empty; FALSE with CONFIG_ERROR. */
gboolean config_tree_read(Config *config, yaml_document_t *tree, GError **error);
