// An OCI runtime for a machine that may not hold every capability.
//
// A privileged container asks for all capabilities that exist. Where the machine's own bounding set lacks one, runc
// refuses the whole container. This program takes away from the request what nobody here could be given, and then
// becomes runc. It must never add anything to a request, nor change one that the machine can grant.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// In the order of their numbers, as in capability.h.
var names = strings.Fields(`
	CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE
	NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN
	SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE
	MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE`)

type object = map[string]any

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "runtime:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	granted, err := boundingSet()
	if err != nil {
		return err
	}
	file, isBundle := requestFile(args)
	if file != "" {
		if err := rewrite(file, isBundle, granted); err != nil {
			return err
		}
	}
	runc, err := exec.LookPath("runc")
	if err != nil {
		return err
	}
	return syscall.Exec(runc, append([]string{"runc"}, args...), os.Environ())
}

func boundingSet() (uint64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if hex, found := strings.CutPrefix(line, "CapBnd:"); found {
			return strconv.ParseUint(strings.TrimSpace(hex), 16, 64)
		}
	}
	return 0, fmt.Errorf("no CapBnd in /proc/self/status")
}

// requestFile finds what the command will read: a bundle's config.json, or the process to run in a container.
func requestFile(args []string) (file string, isBundle bool) {
	command := ""
	for i, arg := range args {
		switch arg {
		case "create", "run", "exec":
			if command == "" {
				command = arg
			}
			continue
		}
		if command == "" {
			continue
		}
		flag, value, inline := strings.Cut(arg, "=")
		if !inline && i+1 < len(args) {
			value = args[i+1]
		}
		switch {
		case command == "exec" && (flag == "--process" || flag == "-p"):
			return value, false
		case command != "exec" && (flag == "--bundle" || flag == "-b"):
			return filepath.Join(value, "config.json"), true
		}
	}
	if command == "create" || command == "run" {
		return "config.json", true
	}
	return "", false
}

func rewrite(file string, isBundle bool, granted uint64) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var request object
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber() // a limit of 2^63-1 must come out as it went in
	if err := decoder.Decode(&request); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	process := request
	if isBundle {
		process, _ = request["process"].(object)
	}
	reduce(process, granted)
	if raw, err = json.Marshal(request); err != nil {
		return err
	}
	return os.WriteFile(file, raw, 0o600)
}

func reduce(process object, granted uint64) {
	// To be less likely to be killed than others takes CAP_SYS_RESOURCE too.
	if score, ok := process["oomScoreAdj"].(json.Number); ok && strings.HasPrefix(score.String(), "-") {
		process["oomScoreAdj"] = 0
	}
	sets, _ := process["capabilities"].(object)
	for set, value := range sets {
		list, _ := value.([]any)
		kept := make([]any, 0, len(list))
		for _, name := range list {
			if has(granted, name) {
				kept = append(kept, name)
			}
		}
		sets[set] = kept
	}
}

func has(granted uint64, capability any) bool {
	for number, name := range names {
		if capability == "CAP_"+name {
			return granted&(1<<number) != 0
		}
	}
	return true // one that this list does not know: runc's to judge
}
