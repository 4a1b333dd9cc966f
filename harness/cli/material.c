#include "cli/material.h"

#include "cli/expecting.h"
#include "git/repository.h"

/* Where something could not be read, that is why anything else is not there. NULL. */
static Material *hand_on(const Files *files, GError *failure, GError **error) {
  const gchar *damage = repository_damage(files);
  if (damage != NULL) {
    g_set_error_literal(error, REPOSITORY_ERROR, REPOSITORY_ERROR_OBJECT, damage);
    g_error_free(failure);
  } else {
    g_propagate_error(error, failure);
  }
  return NULL;
}

/* Reads the rest, and takes the bank over. */
static Material *equip(MaterialDepth depth, const Files *files, Bank *bank, const Snippet *subject,
                       const EquipmentArguments *arguments, GError **error) {
  g_autoptr(Material) material = g_new0(Material, 1);
  material->files = files;
  material->bank = bank;
  material->subject = subject;
  material->equipment = equipment_read(files, arguments, bank->documents, error);
  if (material->equipment == NULL)
    return NULL;
  if (depth == MATERIAL_BARE)
    return g_steal_pointer(&material);
  const gchar *named = arguments->expected;
  const gchar *folder = equipment_expected(material->equipment, named);
  if (!expecting_read(named != NULL ? files_for_named(files, named) : files, folder,
                      bank->documents, depth == MATERIAL_TO_ACCEPT, &material->expectations, error))
    return NULL;
  return g_steal_pointer(&material);
}

Material *material_read(MaterialDepth depth, const Files *files, gchar **paths,
                        const EquipmentArguments *arguments, GError **error) {
  GError *failure = NULL;
  Bank *bank = bank_read_named(files, paths, &failure);
  Material *material = bank != NULL ? equip(depth, files, bank, NULL, arguments, &failure) : NULL;
  return material != NULL ? material : hand_on(files, failure, error);
}

Material *material_read_for(MaterialDepth depth, const gchar *reference, const Files *files,
                            gchar **paths, const EquipmentArguments *arguments, GError **error) {
  GError *failure = NULL;
  g_autoptr(Bank) bank = bank_read_for(files, reference, paths, &failure);
  const Snippet *subject = bank != NULL ? bank_find_in(files, bank, reference, &failure) : NULL;
  Material *material =
      subject != NULL ? equip(depth, files, g_steal_pointer(&bank), subject, arguments, &failure)
                      : NULL;
  return material != NULL ? material : hand_on(files, failure, error);
}

/* --- for commands --------------------------------------------------------------------------- */

Material *material_open_as(MaterialDepth depth, const Files *files, gchar **paths,
                           const EquipmentArguments *arguments) {
  g_autoptr(GError) error = NULL;
  Material *material = material_read(depth, files, paths, arguments, &error);
  if (material == NULL)
    complain("%s", error->message);
  return material;
}

Material *material_open(const Files *files, gchar **paths, const EquipmentArguments *arguments) {
  return material_open_as(MATERIAL_EXPECTED, files, paths, arguments);
}

Material *material_open_for(MaterialDepth depth, const gchar *reference, const Files *files,
                            gchar **paths, const EquipmentArguments *arguments) {
  g_autoptr(GError) error = NULL;
  Material *material = material_read_for(depth, reference, files, paths, arguments, &error);
  if (material == NULL)
    complain("%s", error->message);
  return material;
}

void material_free(Material *material) {
  if (material == NULL)
    return;
  g_clear_pointer(&material->expectations, expectations_free);
  g_clear_pointer(&material->bank, bank_free);
  g_clear_pointer(&material->equipment, equipment_free);
  g_free(material);
}

void material_leave(Material *material) {
#ifdef __SANITIZE_ADDRESS__ /* which would call it a leak */
  material_free(material);
#else
  (void)material;
#endif
}
