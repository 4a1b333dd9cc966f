# A room is a static library of the sources of one folder of harness/, and sees
# only the rooms that it names: an include of any other does not compile,
# because each room's headers reach its users through a folder that holds this
# room alone.
#
#   proctor_room(judge SOURCES judge.c ... USES model LIBRARIES PkgConfig::glib)
add_library(proctor_flags INTERFACE)
target_compile_options(proctor_flags INTERFACE
  -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings
  -Wpointer-arith -Wvla -Wformat=2 -Wno-missing-field-initializers
  $<$<BOOL:${PROCTOR_WERROR}>:-Werror>)
target_compile_definitions(proctor_flags INTERFACE _GNU_SOURCE)
if(PROCTOR_SANITIZE)
  target_compile_options(proctor_flags INTERFACE
    -fsanitize=${PROCTOR_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(proctor_flags INTERFACE -fsanitize=${PROCTOR_SANITIZE})
  if(PROCTOR_SANITIZE MATCHES "address")
    # It takes terabytes of address space: a limit of that cannot be set.
    target_compile_definitions(proctor_flags INTERFACE PROCTOR_ADDRESS_SANITIZER)
  endif()
endif()
if(PROCTOR_FUZZ)
  target_compile_options(proctor_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

function(proctor_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_library(proctor_${name} STATIC ${ROOM_SOURCES})
  add_library(Proctor::${name} ALIAS proctor_${name})
  target_link_libraries(proctor_${name} PRIVATE proctor_flags PUBLIC ${ROOM_LIBRARIES})
  # "model/snippet.h" is found through include/model/, a folder with one link.
  set(door "${PROJECT_BINARY_DIR}/doors/${name}")
  file(MAKE_DIRECTORY "${door}")
  file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${door}/${name}" SYMBOLIC)
  target_include_directories(proctor_${name} PUBLIC "${door}")
  foreach(used IN LISTS ROOM_USES)
    target_link_libraries(proctor_${name} PUBLIC Proctor::${used})
  endforeach()
  set_property(GLOBAL APPEND PROPERTY PROCTOR_ROOMS ${name})
  set_property(GLOBAL PROPERTY PROCTOR_ROOM_USES_${name} "${ROOM_USES}")
endfunction()
