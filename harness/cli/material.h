/*
 * material.h: all that a command reads before anything runs: documents, configuration, fixtures,
 * expectations, from the disk or as git keeps them.
 */
#pragma once

#include "cli/equipping.h"
#include "files/files.h"
#include "store/expectations.h"

typedef struct {
  const Files *files; /* borrowed: they outlive the material */
  Bank *bank;
  Equipment *equipment;
  Expectations *expectations; /* NULL for none */
  const Snippet *subject;     /* of material_open_for() */
} Material;

/* What of the expectations is read. */
typedef enum {
  MATERIAL_BARE,     /* none */
  MATERIAL_EXPECTED, /* what there is */
  MATERIAL_TO_ACCEPT /* likewise; where there is no folder, one is to be made */
} MaterialDepth;

/* Reads what paths name (NULL: the current folder). The errors are those of whom it asks:
 * BANK_ERROR, CONFIG_ERROR, FILES_ERROR, and so on; REPOSITORY_ERROR_OBJECT where an object of
 * git's could not be read on the way. */
Material *material_read(MaterialDepth depth, const Files *files, gchar **paths,
                        const EquipmentArguments *arguments, GError **error);
/* Sets subject to the snippet that reference names in the bank of these paths: without paths, in
 * FILE where it is FILE:LINE, else in the current folder. */
Material *material_read_for(MaterialDepth depth, const gchar *reference, const Files *files,
                            gchar **paths, const EquipmentArguments *arguments, GError **error);

/* The same for a command that cannot go on without it: NULL after having complained. The first
 * reads what is expected, too. */
Material *material_open(const Files *files, gchar **paths, const EquipmentArguments *arguments);
Material *material_open_as(MaterialDepth depth, const Files *files, gchar **paths,
                           const EquipmentArguments *arguments);
Material *material_open_for(MaterialDepth depth, const gchar *reference, const Files *files,
                            gchar **paths, const EquipmentArguments *arguments);

void material_free(Material *material);
/* For a command that is over: leaves it to the end of the process, which frees all at once, where
 * taking a large bank apart costs a fifth of reading it. */
void material_leave(Material *material);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Material, material_free)
