#include "cli/material.h"

#include "cli/expecting.h"

/* What is still reachable has not leaked. */
static const Bank *first_bank;

/* Reads the rest, and takes the bank over. */
static Material *equip(MaterialDepth depth, const Files *files, Bank *bank, const Snippet *subject,
                       const EquipmentArguments *arguments, const gchar *expected) {
  g_autoptr(Material) material = g_new0(Material, 1);
  material->files = files;
  material->bank = bank;
  material->subject = subject;
  if (first_bank == NULL)
    first_bank = bank;
  material->equipment = equipment_open(files, arguments, bank->documents);
  if (material->equipment == NULL)
    return NULL;
  if (depth == MATERIAL_BARE)
    return g_steal_pointer(&material);
  const gchar *folder = equipment_expected(material->equipment, expected);
  if (!expecting_open(expected != NULL ? files_for_named(files, expected) : files, folder,
                      bank->documents, depth == MATERIAL_TO_ACCEPT, &material->expectations))
    return NULL;
  return g_steal_pointer(&material);
}

Material *material_open_as(MaterialDepth depth, const Files *files, gchar **paths,
                           const EquipmentArguments *arguments, const gchar *expected) {
  Bank *bank = bank_open(files, paths);
  return bank != NULL ? equip(depth, files, bank, NULL, arguments, expected) : NULL;
}

Material *material_open(const Files *files, gchar **paths, const EquipmentArguments *arguments,
                        const gchar *expected) {
  return material_open_as(MATERIAL_EXPECTED, files, paths, arguments, expected);
}

Material *material_open_for(MaterialDepth depth, const gchar *reference, const Files *files,
                            gchar **paths, const EquipmentArguments *arguments,
                            const gchar *expected) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Bank) bank = bank_open_for(files, reference, paths);
  const Snippet *subject = bank != NULL ? bank_find(bank, reference, &error) : NULL;
  if (subject != NULL)
    return equip(depth, files, g_steal_pointer(&bank), subject, arguments, expected);
  if (error != NULL)
    complain("%s", error->message);
  return NULL;
}

void material_free(Material *material) {
  if (material == NULL)
    return;
  g_clear_pointer(&material->expectations, expectations_free);
  if (material->bank != first_bank)
    bank_free((Bank *)material->bank);
  g_clear_pointer(&material->equipment, equipment_free);
  g_free(material);
}
