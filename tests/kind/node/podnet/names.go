package main

import (
	"encoding/binary"
	"fmt"
	"net"
)

const (
	headerLength = 12
	// This is an answer, the name does not exist.
	flagResponse, flagRecursion, nameError = 1 << 15, 1 << 7, 3
	maxQuestion                            = 4096
)

// denyNames answers whoever asks for a name outside the cluster that there is none: nothing outside can be reached, and
// Docker's name server, in a network that may not leave the machine, says so only after seconds.
func denyNames(nodeAddress string) error {
	socket, err := net.ListenPacket("udp4", net.JoinHostPort(nodeAddress, "53"))
	if err != nil {
		return fmt.Errorf("names: %w", err)
	}
	buffer := make([]byte, maxQuestion)
	for {
		n, asker, err := socket.ReadFrom(buffer)
		if err != nil {
			return fmt.Errorf("names: %w", err)
		}
		if answer := deny(buffer[:n]); answer != nil {
			// One that gets lost is asked for again.
			_, _ = socket.WriteTo(answer, asker)
		}
	}
}

// deny turns a message with one question into its answer, in place. What is no such message gets none.
func deny(message []byte) []byte {
	if len(message) < headerLength || binary.BigEndian.Uint16(message[4:]) != 1 {
		return nil
	}
	end := headerLength
	for end < len(message) && message[end] != 0 {
		end += 1 + int(message[end])
	}
	end += 5 // the root's empty label, type and class
	if end > len(message) {
		return nil
	}
	flags := binary.BigEndian.Uint16(message[2:])
	if flags&flagResponse != 0 {
		return nil
	}
	binary.BigEndian.PutUint16(message[2:], flags|flagResponse|flagRecursion|nameError)
	clear(message[6:headerLength]) // no answers, no authorities, nothing additional
	return message[:end]
}
