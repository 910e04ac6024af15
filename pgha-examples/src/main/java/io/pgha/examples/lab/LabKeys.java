package io.pgha.examples.lab;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes and finds the keys of one lab: the operator's, the hosts', and the password of the user who has one. */
final class LabKeys {
    private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static final int PASSWORD_LENGTH = 24;
    /** Debian makes an RSA key, too; that takes longer than all the rest of a lab's preparation. */
    private static final List<String> TYPES = List.of("ed25519", "ecdsa");

    private final Path directory;

    LabKeys(Path directory) {
        this.directory = directory;
    }

    Path privateKey() {
        return directory.resolve("id_ed25519");
    }

    Path knownHosts() {
        return directory.resolve("known_hosts");
    }

    String publicKey() {
        return Machine.read(directory.resolve("id_ed25519.pub")).strip();
    }

    String password() {
        return Machine.read(directory.resolve("password")).strip();
    }

    void createOperator() throws InterruptedException {
        Machine.directory(directory, "rwx------");
        generate("ed25519", privateKey(), "operator@pgha-lab");
        SecureRandom random = new SecureRandom();
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < PASSWORD_LENGTH; i++) {
            password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        Machine.replace(directory.resolve("password"), password + "\n");
    }

    /** Makes a host's keys. */
    void createHost(String host) throws InterruptedException {
        Machine.directory(directory.resolve(host), "rwx------");
        for (String type : TYPES) {
            generate(type, hostKey(host, type), "root@" + host);
        }
    }

    private static void generate(String type, Path file, String comment) throws InterruptedException {
        Shell.command("ssh-keygen", "-q", "-t", type, "-N", "", "-C", comment, "-f", file.toString())
                .check();
    }

    private Path hostKey(String host, String type) {
        return directory.resolve(host).resolve("ssh_host_" + type + "_key");
    }

    /** Returns a host's key files, private and public. */
    List<Path> hostFiles(String host) {
        List<Path> files = new ArrayList<>();
        for (String type : TYPES) {
            files.add(hostKey(host, type));
            files.add(directory.resolve(host).resolve(hostKey(host, type).getFileName() + ".pub"));
        }
        return files;
    }

    /** Writes the file that lets a client know the hosts, by address and by name. */
    void writeKnownHosts(Map<String, String> hosts) {
        StringBuilder text = new StringBuilder();
        hosts.forEach((name, address) -> hostFiles(name).stream()
                .filter(file -> file.toString().endsWith(".pub"))
                .map(file -> Machine.read(file).split(" ", -1))
                .forEach(fields -> text.append(address)
                        .append(',')
                        .append(name)
                        .append(' ')
                        .append(fields[0])
                        .append(' ')
                        .append(fields[1])
                        .append('\n')));
        Machine.replace(knownHosts(), text.toString());
    }
}
