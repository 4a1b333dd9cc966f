# cmake -DINPUT=FILE -DNAME=SYMBOL -DOUTPUT=FILE.c -P embed_text.cmake: a text as a C string.
file(READ "${INPUT}" bytes HEX)
string(REGEX REPLACE "(................................................................)" "\\1\n"
       bytes "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE "${OUTPUT}" "#include \"worker/fixture_sources.h\"\n\n"
     "const char ${NAME}[] = {\n${bytes}0};\n")
