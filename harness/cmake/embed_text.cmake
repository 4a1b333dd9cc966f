# cmake -DINPUT=FILE -DNAME=SYMBOL -DHEADER=ROOM/FILE.h -DOUTPUT=FILE.c -P embed_text.cmake:
# a text as a C string, which the header declares.
file(READ "${INPUT}" bytes HEX)
string(REGEX REPLACE "(................................................................)" "\\1\n"
       bytes "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE "${OUTPUT}" "#include \"${HEADER}\"\n\n"
     "const char ${NAME}[] = {\n${bytes}0};\n")
