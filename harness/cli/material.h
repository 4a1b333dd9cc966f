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
  const Bank *bank;   /* the first that is read is never freed: the end of the process does that at
                         once, where taking a large bank apart costs a fifth of reading it */
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

/* Reads what paths name (NULL: the current folder), with what is expected. expected is the folder
 * that is named, or NULL. NULL after having complained. */
Material *material_open(const Files *files, gchar **paths, const EquipmentArguments *arguments,
                        const gchar *expected);
Material *material_open_as(MaterialDepth depth, const Files *files, gchar **paths,
                           const EquipmentArguments *arguments, const gchar *expected);

/* Sets subject to the snippet that reference names in the bank of these paths: without paths, in
 * FILE where it is FILE:LINE, else in the current folder. */
Material *material_open_for(MaterialDepth depth, const gchar *reference, const Files *files,
                            gchar **paths, const EquipmentArguments *arguments,
                            const gchar *expected);

void material_free(Material *material);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Material, material_free)
