package io.pgha.ssh.internal.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.ssh.ShellContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.schmizz.sshj.common.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownHostsTest {
    private static final String A = key("ssh-ed25519", "a");
    private static final String B = key("ecdsa-sha2-nistp256", "nistp256", "b");

    @TempDir
    Path dir;

    private static String key(String type, String... fields) {
        Buffer.PlainBuffer blob = new Buffer.PlainBuffer().putString(type);
        for (String field : fields) {
            blob.putString(field);
        }
        return type + " " + Base64.getEncoder().encodeToString(blob.getCompactData());
    }

    private List<Integer> lines(String content, String name) throws IOException {
        return read(content, name).keys().stream().map(KnownHosts.Entry::line).toList();
    }

    private KnownHosts.Entries read(String content, String name) throws IOException {
        Path file = dir.resolve("known_hosts");
        Files.writeString(file, content, StandardCharsets.ISO_8859_1);
        return new KnownHosts(file).read(name);
    }

    private static String hashed(String name) throws Exception {
        byte[] salt = "twenty bytes of salt".getBytes(StandardCharsets.US_ASCII);
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(salt, "HmacSHA1"));
        Base64.Encoder base64 = Base64.getEncoder();
        return "|1|" + base64.encodeToString(salt) + "|"
                + base64.encodeToString(mac.doFinal(name.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void namesAddressesAndPortsAreTakenAsWritten() throws Exception {
        String content = "# comment\n\npg1,10.0.0.1 " + A + " a comment\n[pg1]:2222 " + B + "\n";
        assertThat(lines(content, "pg1")).containsExactly(3);
        assertThat(lines(content, "10.0.0.1")).containsExactly(3);
        assertThat(lines(content, "[pg1]:2222")).containsExactly(4);
        assertThat(lines(content, "PG1")).as("names have no case").containsExactly(3);
        assertThat(lines(content, "pg")).isEmpty();
        assertThat(lines(content, "10.0.0.11")).isEmpty();
    }

    @Test
    void hashedNamesAreFound() throws Exception {
        String content = hashed("pg1") + " " + A + "\n" + hashed("[pg2]:2222") + " " + B + "\n";
        assertThat(lines(content, "pg1")).containsExactly(1);
        assertThat(lines(content, "[pg2]:2222")).containsExactly(2);
        assertThat(lines(content, "pg2")).isEmpty();
    }

    @Test
    void patternsAndTheirNegationsHold() throws Exception {
        String content = "*.example.org,!bad.example.org,10.0.?.1 " + A + "\n";
        assertThat(lines(content, "pg1.example.org")).hasSize(1);
        assertThat(lines(content, "bad.example.org")).isEmpty();
        assertThat(lines(content, "10.0.7.1")).hasSize(1);
        assertThat(lines(content, "10.0.77.1")).isEmpty();
        assertThat(lines(content, "pg1xexamplexorg")).isEmpty();
    }

    @Test
    void aHostMayHaveManyKeysAndLosesThoseRevoked() throws Exception {
        KnownHosts.Entries entries = read("pg1 " + A + "\npg1 " + B + "\n@revoked * " + A + "\n", "pg1");
        assertThat(entries.keys())
                .extracting(KnownHosts.Entry::type)
                .containsExactly("ssh-ed25519", "ecdsa-sha2-nistp256");
        assertThat(entries.revoked()).extracting(KnownHosts.Entry::line).containsExactly(3);
    }

    @Test
    void whatCannotBeReadNamesNoKey() throws Exception {
        String content = "pg1\npg1 ssh-ed25519\npg1 ssh-ed25519 not*base64\n@cert-authority pg1 " + A
                + "\n@strange pg1 " + A + "\n|1|a|b " + A + "\n|2|x " + A + "\n\u00e9\u00ff\npg1 " + A;
        assertThat(lines(content, "pg1")).containsExactly(9);
    }

    @Test
    void noFileIsNoHost() throws Exception {
        assertThat(new KnownHosts(dir.resolve("none")).read("pg1").keys()).isEmpty();
    }

    @Test
    void addingMakesAPrivateFileInAPrivateFolder() throws Exception {
        Path file = dir.resolve("a/b/known_hosts");
        KnownHosts.Entries entries = new KnownHosts(file).add("pg1", blob(A));
        assertThat(entries.keys()).hasSize(1);
        assertThat(Files.readString(file)).isEqualTo("pg1 " + A + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void addingKeepsWhatIsThereAndItsPermissions() throws Exception {
        Path file = dir.resolve("known_hosts");
        Files.writeString(file, "other " + B);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        new KnownHosts(file).add("pg1", blob(A));
        assertThat(Files.readString(file)).isEqualTo("other " + B + "\npg1 " + A + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void aKeyThatSomebodyAddedMeanwhileIsNotJoinedByAnother() throws Exception {
        Path file = dir.resolve("known_hosts");
        Files.writeString(file, "pg1 " + B + "\n");
        KnownHosts.Entries entries = new KnownHosts(file).add("pg1", blob(A));
        assertThat(entries.keys()).extracting(KnownHosts.Entry::type).containsExactly("ecdsa-sha2-nistp256");
        assertThat(Files.readString(file)).isEqualTo("pg1 " + B + "\n");
    }

    @Test
    void manyMayAddAtOnce() throws Exception {
        Path file = dir.resolve("known_hosts");
        List<Future<KnownHosts.Entries>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String name = "pg" + i % 20;
            all.add(ShellContract.async(() -> new KnownHosts(file).add(name, blob(A))));
        }
        for (Future<KnownHosts.Entries> each : all) {
            assertThat(each.get(30, TimeUnit.SECONDS).keys()).hasSize(1);
        }
        assertThat(Files.readAllLines(file)).hasSize(20).allMatch(line -> line.endsWith(" " + A));
    }

    private static byte[] blob(String key) {
        return Base64.getDecoder().decode(key.substring(key.indexOf(' ') + 1));
    }
}
