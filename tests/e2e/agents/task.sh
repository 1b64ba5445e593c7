# task.sh — sourced by the pretend agents: reads the prompt and does what its lines say.
#
#     write PATH TEXT   append PATH TEXT   delete PATH   need PATH   link PATH TARGET   say TEXT
#
# Each launch adds the agent's name to the file $LAUNCHES, if there is one.
prompt=$(cat)
[ -z "${LAUNCHES-}" ] || echo "$ORCH_AGENT" >>"$LAUNCHES"
do_task() {
	printf '%s\n' "$prompt" | sed '1,/^Your task:$/d' | while read -r verb path text; do
		case $verb in
		write | append | link) mkdir -p "$(dirname "$path")" ;;
		esac
		case $verb in
		write) printf '%s\n' "$text" >"$path" ;;
		append) printf '%s\n' "$text" >>"$path" ;;
		delete) rm -r "$path" ;;
		need) [ -e "$path" ] || { echo "$path is not there"; exit 9; } ;;
		link) ln -s "$text" "$path" ;;
		say) echo "$path $text" ;;
		esac
	done
}
