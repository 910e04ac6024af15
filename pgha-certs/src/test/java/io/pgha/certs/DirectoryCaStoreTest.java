package io.pgha.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.certs.internal.cluster.Steps;
import io.pgha.model.pki.KeyAlgorithm;
import io.pgha.model.pki.PkiConfig;
import io.pgha.port.CertificateBundle;
import io.pgha.secret.Secret;
import io.pgha.tls.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryCaStoreTest {
    private static final Secret PASSPHRASE = Secret.of("Ärger im Büro $(id) 'x'");
    private static final KeptAuthority ONE = KeptAuthority.of(
            CertificateAuthority.create(ca -> ca.cluster("orders")).bundle());
    private static final KeptAuthority OTHER = KeptAuthority.of(
            CertificateAuthority.create(ca -> ca.cluster("orders")).bundle());

    /** The real number only makes the tests slow. */
    static final int FEW = 1000;

    @TempDir
    Path temporary;

    private Path directory;
    private Path home;
    private CaStore store;

    @BeforeEach
    void open() {
        directory = temporary.resolve("pki");
        home = directory.resolve("orders");
        store = new DirectoryCaStore(directory, PASSPHRASE, FEW);
    }

    @Test
    void it_gives_back_what_it_keeps() {
        assertThat(store.read("orders")).isEmpty();
        assertThat(store.keep("orders", ONE)).isEqualTo(ONE);
        assertThat(store.read("orders")).contains(ONE);
        assertThat(new DirectoryCaStore(directory, PASSPHRASE, FEW).read("orders"))
                .contains(ONE);
        assertThat(store.read("invoices")).isEmpty();
    }

    @Test
    void looking_makes_nothing() {
        assertThat(store.read("orders")).isEmpty();
        assertThat(directory).doesNotExist();
    }

    @Test
    void only_the_owner_can_read_it() throws IOException {
        store.keep("orders", ONE);
        assertThat(mode(directory)).isEqualTo("rwx------");
        assertThat(mode(home)).isEqualTo("rwx------");
        assertThat(mode(home.resolve("ca.key"))).isEqualTo("rw-------");
        assertThat(mode(home.resolve("ca.crt"))).isEqualTo("rw-------");
        assertThat(names(directory)).containsExactly("orders");
        assertThat(names(home)).containsExactly("ca.crt", "ca.key");
    }

    @Test
    void openssl_opens_the_key_with_the_passphrase_and_only_with_it() throws IOException, InterruptedException {
        CaStore.directory(directory, PASSPHRASE).keep("orders", ONE);
        String key = home.resolve("ca.key").toString();
        Path right = Files.writeString(temporary.resolve("right"), PASSPHRASE.reveal());
        Path wrong = Files.writeString(temporary.resolve("wrong"), "other");
        assertThat(Openssl.ok("", "pkey", "-in", key, "-passin", "file:" + right, "-pubout"))
                .isEqualTo(Openssl.ok(ONE.authority().certificate(), "x509", "-noout", "-pubkey"));
        assertThat(Openssl.run("", "pkey", "-in", key, "-passin", "file:" + wrong)
                        .status())
                .isNotZero();
        assertThat(Openssl.ok("", "asn1parse", "-in", key))
                .contains(":PBES2", ":PBKDF2", ":hmacWithSHA256", ":aes-256-cbc", ":0927C0");
        assertThat(Integer.parseInt("0927C0", 16)).isEqualTo(600_000);
    }

    @Test
    void the_key_is_in_no_file_in_the_clear() throws IOException {
        store.keep("orders", ONE);
        String secret = ONE.authority()
                .privateKey()
                .reveal()
                .lines()
                .skip(1)
                .findFirst()
                .orElseThrow();
        try (Stream<Path> files = Files.walk(temporary)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).doesNotContain(secret).doesNotContain("BEGIN PRIVATE KEY");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-v2 aes-256-cbc", "-v2 aes-128-cbc -v2prf hmacWithSHA512", "-v2 aes-192-cbc -v2prf hmacWithSHA1"
            })
    void a_key_that_openssl_encrypted_is_read(String how) throws IOException, InterruptedException {
        store.keep("orders", ONE);
        encrypt(how);
        assertThat(store.read("orders")).contains(ONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-v1 PBE-SHA1-3DES", "-scrypt", "-v2 des3"})
    void a_key_that_is_encrypted_otherwise_is_refused_with_the_way_out(String how)
            throws IOException, InterruptedException {
        store.keep("orders", ONE);
        encrypt(how);
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> store.read("orders"))
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.key-encryption"))
                .withMessageContaining("openssl pkcs8 -topk8");
    }

    @Test
    void a_key_in_the_clear_is_refused() throws IOException {
        store.keep("orders", ONE);
        Files.writeString(home.resolve("ca.key"), ONE.authority().privateKey().reveal());
        fails("pki.key-encryption");
    }

    @Test
    void a_wrong_passphrase_is_told_without_telling_any() {
        store.keep("orders", ONE);
        for (int i = 0; i < 300; i++) {
            Secret wrong = Secret.of("wrong" + i);
            assertThatExceptionOfType(PkiException.class)
                    .isThrownBy(() -> new DirectoryCaStore(directory, wrong, FEW).read("orders"))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("pki.passphrase-wrong"))
                    .withMessageContaining(home.resolve("ca.key").toString())
                    .withMessageNotContaining(wrong.reveal());
        }
    }

    @Test
    void an_empty_passphrase_is_refused() {
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> CaStore.directory(directory, Secret.of("")))
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.passphrase-empty"));
    }

    @Test
    void a_missing_parent_is_never_made() {
        CaStore lost = new DirectoryCaStore(temporary.resolve("mnt/disk/pki"), PASSPHRASE, FEW);
        for (Callable<?> use : List.<Callable<?>>of(() -> lost.read("orders"), () -> lost.keep("orders", ONE))) {
            assertThatExceptionOfType(PkiException.class)
                    .isThrownBy(use::call)
                    .satisfies(e -> assertThat(e.code()).isEqualTo("pki.directory-missing"))
                    .withMessageContaining(temporary.resolve("mnt/disk").toString());
        }
        assertThat(temporary.resolve("mnt")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca.key", "ca.crt"})
    void a_missing_file_is_damage_and_never_a_reason_for_another_authority(String name) throws IOException {
        store.keep("orders", ONE);
        Files.delete(home.resolve(name));
        fails("pki.store-damaged");
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> store.keep("orders", OTHER))
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.store-damaged"))
                .withMessageContaining(name + " is missing");
        assertThat(names(home)).hasSize(1);
        assertThat(names(directory)).containsExactly("orders");
    }

    @Test
    void an_emptied_directory_is_damage_too() throws IOException {
        Files.createDirectories(home);
        fails("pki.store-damaged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca.key", "ca.crt"})
    void an_unreadable_file_is_damage(String name) throws IOException {
        store.keep("orders", ONE);
        Files.writeString(home.resolve(name), "");
        fails("pki.store-damaged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca.key", "ca.crt"})
    void what_cannot_be_opened_is_told_with_its_place(String name) throws IOException {
        store.keep("orders", ONE);
        Files.delete(home.resolve(name));
        Files.createDirectory(home.resolve(name));
        fails("pki.store-unreadable");
    }

    @Test
    void a_file_in_the_place_of_the_directory_is_told() throws IOException {
        Files.writeString(directory, "");
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> store.keep("orders", ONE))
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.store-unreadable"));
    }

    @Test
    void any_changed_byte_of_the_key_is_told_and_none_breaks_the_reader() throws IOException {
        store.keep("orders", ONE);
        byte[] good = Pem.first(Files.readString(home.resolve("ca.key")), Pem.ENCRYPTED_PRIVATE_KEY)
                .orElseThrow()
                .der();
        for (int i = 0; i < good.length; i++) {
            byte[] changed = good.clone();
            changed[i] ^= (byte) (1 << (i % 8));
            Files.writeString(home.resolve("ca.key"), Pem.write(Pem.ENCRYPTED_PRIVATE_KEY, changed));
            try {
                CertificateBundle read = store.read("orders").orElseThrow().authority();
                CertificateAuthority opened = CertificateAuthority.open(read.certificate(), read.privateKey());
                String leaf =
                        opened.issue(Requests.server(), Duration.ofDays(365)).certificate();
                assertThat(opened.defect(
                                leaf, Requests.server(), PkiConfig.builder().build()))
                        .as("byte %d", i)
                        .isEmpty();
            } catch (PkiException told) {
                assertThat(told.code()).startsWith("pki.");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../orders", "a/b", ".hidden", "a\0b", "a\nb"})
    void a_name_cannot_lead_out_of_the_directory(String cluster) {
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> store.keep(cluster, ONE))
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.invalid-name"));
        assertThat(directory).doesNotExist();
    }

    @Test
    void the_first_one_kept_stays() throws IOException {
        store.keep("orders", ONE);
        assertThat(new DirectoryCaStore(directory, PASSPHRASE, FEW).keep("orders", OTHER))
                .isEqualTo(ONE);
        assertThat(names(directory)).containsExactly("orders");
    }

    @Test
    void of_many_threads_one_wins() throws Exception {
        int threads = 8;
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<KeptAuthority>> kept = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                KeptAuthority own = KeptAuthority.of(
                        CertificateAuthority.create(ca -> ca.cluster("orders").keyAlgorithm(KeyAlgorithm.EC_P384))
                                .bundle());
                kept.add(executor.submit(() -> {
                    start.await(30, TimeUnit.SECONDS);
                    return new DirectoryCaStore(directory, PASSPHRASE, FEW).keep("orders", own);
                }));
            }
            KeptAuthority first = kept.get(0).get(60, TimeUnit.SECONDS);
            for (Future<KeptAuthority> other : kept) {
                assertThat(other.get(60, TimeUnit.SECONDS)).isEqualTo(first);
            }
            assertThat(store.read("orders")).contains(first);
            assertThat(names(directory)).containsExactly("orders");
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void of_two_processes_one_wins() throws Exception {
        Path go = temporary.resolve("go");
        List<Process> processes = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                processes.add(new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                AuthorityProcess.class.getName(),
                                directory.toString(),
                                go.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
            }
            for (Process process : processes) {
                assertThat(process.inputReader().readLine()).isEqualTo("ready");
            }
            Files.createFile(go);
            List<String> fingerprints = new ArrayList<>();
            for (Process process : processes) {
                fingerprints.add(process.inputReader().readLine());
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isZero();
            }
            assertThat(fingerprints).doesNotContainNull();
            assertThat(fingerprints.stream().distinct()).hasSize(1);
            assertThat(names(directory)).containsExactly("orders");
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    @Test
    void every_step_of_a_rotation_is_kept_and_read_by_another_process() throws IOException {
        KeptAuthority before = store.keep("orders", ONE);
        for (KeptAuthority after : rotation()) {
            store.replace("orders", before, after);
            assertThat(store.read("orders")).contains(after);
            assertThat(new DirectoryCaStore(directory, PASSPHRASE, FEW).read("orders"))
                    .contains(after);
            assertThat(new DirectoryCaStore(directory, PASSPHRASE, FEW).keep("orders", ONE))
                    .isEqualTo(after);
            before = after;
        }
        assertThat(names(directory)).containsExactlyInAnyOrder("orders", ".lock");
        assertThat(names(home)).as("the keys of what was replaced are gone").containsExactly("6");
        assertThat(names(home.resolve("6"))).containsExactlyInAnyOrder("ca.crt", "ca.key", "state");
        assertThat(mode(home.resolve("6"))).isEqualTo("rwx------");
        assertThat(mode(home.resolve("6/ca.key"))).isEqualTo("rw-------");
    }

    /** Generation 2, then the four steps in which another authority takes its place. */
    private static List<KeptAuthority> rotation() {
        KeptAuthority renewed = Steps.renew(ONE);
        KeptAuthority trusting = Steps.trust(renewed, OTHER.authority());
        KeptAuthority issuing = Steps.issue(trusting);
        KeptAuthority dropping = Steps.drop(issuing);
        return List.of(renewed, trusting, issuing, dropping, Steps.settle(dropping));
    }

    @Test
    void who_has_read_something_older_replaces_nothing() throws IOException {
        store.keep("orders", ONE);
        KeptAuthority second = Steps.renew(ONE);
        store.replace("orders", ONE, second);
        for (CaStore each : List.of(store, new DirectoryCaStore(directory, PASSPHRASE, FEW))) {
            assertThatExceptionOfType(PkiException.class)
                    .isThrownBy(() -> each.replace("orders", ONE, second))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("pki.store-changed"));
        }
        assertThat(store.read("orders")).contains(second);
        assertThat(names(home)).containsExactly("2");
    }

    @Test
    void of_many_who_replace_at_once_each_time_one_wins() throws Exception {
        store.keep("orders", ONE);
        int threads = 8;
        int wanted = 20;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Integer>> wins = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                wins.add(executor.submit(() -> {
                    CaStore own = new DirectoryCaStore(directory, PASSPHRASE, FEW);
                    int won = 0;
                    KeptAuthority found = own.read("orders").orElseThrow();
                    while (found.generation() < wanted) {
                        try {
                            own.replace("orders", found, Steps.renew(found));
                            won++;
                        } catch (PkiException lost) {
                            assertThat(lost.code()).isEqualTo("pki.store-changed");
                        }
                        found = own.read("orders").orElseThrow();
                    }
                    return won;
                }));
            }
            int all = 0;
            for (Future<Integer> each : wins) {
                all += each.get(60, TimeUnit.SECONDS);
            }
            assertThat(store.read("orders").orElseThrow().generation()).isEqualTo(wanted);
            assertThat(all).as("nobody's generation was lost").isEqualTo(wanted - 1);
            assertThat(names(home)).containsExactly(String.valueOf(wanted));
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void a_revision_that_was_cut_short_does_not_count() throws IOException {
        store.keep("orders", ONE);
        Files.createDirectories(home.resolve(".revision.123"));
        Files.writeString(home.resolve(".revision.123/ca.crt"), "half");
        assertThat(store.read("orders")).contains(ONE);
        store.replace("orders", ONE, Steps.renew(ONE));
        assertThat(store.read("orders")).contains(Steps.renew(ONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "generation=2\n", "generation=0\nrotation=SETTLED\n", "generation=2\nrotation=WILD\n"})
    void a_damaged_state_is_damage(String state) throws IOException {
        store.keep("orders", ONE);
        store.replace("orders", ONE, Steps.renew(ONE));
        Files.writeString(home.resolve("2/state"), state);
        fails("pki.store-damaged");
    }

    @Test
    void what_a_killed_process_left_is_no_authority() throws IOException {
        Files.createDirectories(directory.resolve(".orders.123"));
        Files.writeString(directory.resolve(".orders.123/ca.crt"), "half");
        assertThat(store.read("orders")).isEmpty();
        assertThat(store.keep("orders", ONE)).isEqualTo(ONE);
    }

    private void fails(String code) {
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> store.read("orders"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .withMessageContaining(home.toString())
                .withMessageContaining("To fix: ");
    }

    private void encrypt(String how) throws IOException, InterruptedException {
        Path passphrase =
                Files.writeString(temporary.resolve("passphrase"), PASSPHRASE.reveal(), StandardCharsets.UTF_8);
        List<String> arguments = new ArrayList<>(List.of("pkcs8", "-topk8", "-passout", "file:" + passphrase));
        arguments.addAll(List.of(how.split(" ")));
        Files.writeString(
                home.resolve("ca.key"),
                Openssl.ok(ONE.authority().privateKey().reveal(), arguments.toArray(String[]::new)));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
