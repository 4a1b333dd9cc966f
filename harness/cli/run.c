/* being written */
typedef int being_written_run;
