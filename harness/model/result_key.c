#include "model/result_key.h"

const gchar *result_part_name(ResultPart part) {
  static const gchar *const names[RESULT_PARTS] = {
      "its code", "its earlier blocks", "what is looked at", "its fixture", "Python", "its limits"};
  return names[part];
}
