// The Pod network of a cluster whose nodes share one link.
//
// On each node it writes the CNI configuration for the node's own Pod range, keeps one route to every other node's range,
// and denies that names outside the cluster exist. It must never choose an address itself: ranges come from spec.podCIDR, addresses from the host-local plugin.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"net"
	"os"
	"os/exec"
	"time"

	"github.com/vishvananda/netlink"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

const (
	configFile = "/etc/cni/net.d/10-podnet.conflist"
	pollEvery  = 10 * time.Second
)

func main() {
	log.SetFlags(0)
	self, address, podRange := os.Getenv("NODE_NAME"), os.Getenv("NODE_ADDRESS"), os.Getenv("POD_RANGE")
	if self == "" || address == "" || podRange == "" {
		log.Fatal("NODE_NAME, NODE_ADDRESS and POD_RANGE have to be set")
	}
	go func() { log.Fatal(denyNames(address)) }()
	config, err := rest.InClusterConfig()
	if err != nil {
		log.Fatal(err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		log.Fatal(err)
	}
	wait := time.Second
	for ; ; time.Sleep(wait) {
		if err := align(client, self, podRange); err != nil {
			log.Print(err)
			wait = time.Second
			continue
		}
		wait = pollEvery
	}
}

// align makes this node agree with what the API server says of all nodes. Doing it twice changes nothing.
func align(client kubernetes.Interface, self, podRange string) error {
	ctx, cancel := context.WithTimeout(context.Background(), pollEvery)
	defer cancel()
	nodes, err := client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("listing nodes: %w", err)
	}
	for _, node := range nodes.Items {
		if node.Spec.PodCIDR == "" {
			continue // the controller manager has not come to it yet
		}
		if node.Name != self {
			err = routeTo(node)
		} else if err = masquerade(node.Spec.PodCIDR, podRange); err == nil {
			err = writeConfig(node.Spec.PodCIDR)
		}
		if err != nil {
			return fmt.Errorf("node %s: %w", node.Name, err)
		}
	}
	return nil
}

func routeTo(node corev1.Node) error {
	_, podCIDR, err := net.ParseCIDR(node.Spec.PodCIDR)
	if err != nil {
		return err
	}
	for _, address := range node.Status.Addresses {
		if address.Type == corev1.NodeInternalIP {
			return netlink.RouteReplace(&netlink.Route{Dst: podCIDR, Gw: net.ParseIP(address.Address)})
		}
	}
	return errors.New("no internal address yet")
}

// masquerade gives traffic that leaves the Pod network the node's address. Pods see each other's own addresses.
func masquerade(podCIDR, podRange string) error {
	rule := []string{"POSTROUTING", "-s", podCIDR, "!", "-d", podRange, "-j", "MASQUERADE"}
	if iptables("-C", rule) == nil {
		return nil
	}
	return iptables("-A", rule)
}

func iptables(action string, rule []string) error {
	out, err := exec.Command("iptables", append([]string{"-w", "5", "-t", "nat", action}, rule...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("iptables %s: %w: %s", action, err, out)
	}
	return nil
}

func writeConfig(podCIDR string) error {
	type m = map[string]any
	config, err := json.MarshalIndent(m{
		"cniVersion": "1.0.0",
		"name":       "podnet",
		"plugins": []m{
			{
				"type": "bridge", "bridge": "podnet0", "isGateway": true, "hairpinMode": true,
				"ipam": m{
					"type":   "host-local",
					"ranges": [][]m{{{"subnet": podCIDR}}},
					"routes": []m{{"dst": "0.0.0.0/0"}},
					// In memory: a node that starts again has no Pods, and finds no addresses taken.
					"dataDir": "/run/podnet",
				},
			},
			{"type": "portmap", "capabilities": m{"portMappings": true}},
		},
	}, "", "  ")
	if err != nil {
		return err
	}
	old, err := os.ReadFile(configFile)
	if err == nil && string(old) == string(config) {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// containerd watches the folder: the file has to appear whole.
	if err := os.WriteFile(configFile+".new", config, 0o644); err != nil {
		return err
	}
	return os.Rename(configFile+".new", configFile)
}
