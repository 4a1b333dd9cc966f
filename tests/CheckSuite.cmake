# check_suite(NAME SOURCE room...): one Check program, test_NAME, one test.
function(check_suite name source)
  add_executable(test_${name} ${source})
  list(TRANSFORM ARGN PREPEND Proctor:: OUTPUT_VARIABLE rooms)
  target_link_libraries(test_${name} PRIVATE proctor_flags ${rooms} PkgConfig::check)
  set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  add_test(NAME unit/${name} COMMAND test_${name})
  # Check's own four seconds for a test are little for a busy machine under sanitizers.
  set_tests_properties(unit/${name} PROPERTIES TIMEOUT 120 ENVIRONMENT CK_DEFAULT_TIMEOUT=60)
endfunction()
