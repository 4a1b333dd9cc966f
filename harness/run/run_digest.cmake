# Writes run_digest.c: a digest of the sources that decide what a transcript says of a run. A result
# that another version of them has made must not answer for this one.
#
#   cmake -DOUTPUT=FILE -DFOLDER=harness -P run_digest.cmake
file(GLOB sources "${FOLDER}/run/*.[ch]" "${FOLDER}/wire/*.[ch]" "${FOLDER}/model/transcript.[ch]"
     "${FOLDER}/model/threads.[ch]")
list(FILTER sources EXCLUDE REGEX "/exam[^/]*$|/plan[.].$") # they only say what is run
list(SORT sources)
set(digests "")
foreach(source IN LISTS sources)
  file(SHA256 "${source}" digest)
  string(APPEND digests "${digest}\n")
endforeach()
string(SHA256 digest "${digests}")
file(WRITE "${OUTPUT}" "#include \"run/run_digest.h\"\n\nconst char run_digest[] = \"${digest}\";\n")
