package main

import (
	"log"
	"net"
	"time"
)

// Docker's name server knows the nodes and asks the machine's own for the rest.
const (
	dockerNames = "127.0.0.11:53"
	patience    = 5 * time.Second
	maxMessage  = 64 * 1024
)

// relayNames answers names for Pods, which cannot reach Docker's name server: it listens in the node's network namespace
// alone. Whoever asks gets its answer, unread. CoreDNS asks again when one gets lost, so nothing is repeated here.
func relayNames(nodeAddress string) error {
	socket, err := net.ListenPacket("udp4", net.JoinHostPort(nodeAddress, "53"))
	if err != nil {
		return err
	}
	buffer := make([]byte, maxMessage)
	for {
		n, asker, err := socket.ReadFrom(buffer)
		if err != nil {
			return err
		}
		question := append([]byte(nil), buffer[:n]...)
		go func() {
			answer, err := ask(question)
			if err != nil {
				log.Printf("names: %v", err)
				return
			}
			if _, err := socket.WriteTo(answer, asker); err != nil {
				log.Printf("names: %v", err)
			}
		}()
	}
}

func ask(question []byte) ([]byte, error) {
	server, err := net.Dial("udp4", dockerNames)
	if err != nil {
		return nil, err
	}
	defer server.Close()
	if err := server.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	if _, err := server.Write(question); err != nil {
		return nil, err
	}
	answer := make([]byte, maxMessage)
	n, err := server.Read(answer)
	return answer[:n], err
}
