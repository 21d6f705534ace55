# One man page. usage: cmake -D HELP2MAN= -D RINGPROOF= -D PAGE=ringproof-replay -D WORD=replay -D PURPOSE= -D VERSION=
# -D FILE= -P man_page.cmake

# help2man asks a program without arguments, and knows further lines of usage by "or:".
set(script ${FILE}.sh)
file(WRITE ${script} "#!/bin/sh
'${RINGPROOF}' ${WORD} --help | sed 's/^       ringproof /  or:  ringproof /'
")
file(CHMOD ${script} PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
set(pages ringproof ringproof-replay ringproof-run ringproof-explore ringproof-shrink ringproof-replay-failure ringproof-conform)
list(REMOVE_ITEM pages ${PAGE})
list(TRANSFORM pages PREPEND ".BR ")
list(TRANSFORM pages APPEND " (1),")
list(JOIN pages "\n" pages)
string(REGEX REPLACE ",$" "" pages "${pages}")
file(WRITE ${FILE}.more "[see also]\n${pages}\n.PP\nThe pages in share/doc/ringproof/docs under the prefix (/usr for the Debian package) go further.\n")

execute_process(COMMAND ${HELP2MAN} --no-info --version-string=${VERSION} --name=${PURPOSE} --include=${FILE}.more
  --source=Ringproof ${script} OUTPUT_VARIABLE page RESULT_VARIABLE result ERROR_VARIABLE words)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "help2man ${PAGE}: ${words}")
endif()
# It knows the page by the name of the script.
get_filename_component(name ${script} NAME)
string(TOUPPER ${name} upper)
string(TOUPPER ${PAGE} title)
string(REPLACE "\n.TH ${upper} " "\n.TH ${title} " page "${page}")
string(REPLACE "-" "\\-" dashed "${PAGE}")
string(REPLACE "\n${name} \\- " "\n${dashed} \\- " page "${page}")
file(WRITE ${FILE} "${page}")
file(REMOVE ${script} ${FILE}.more)
