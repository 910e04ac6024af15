package io.pgha.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hosts that are frozen and thawed, in a lab that stands beside those of other classes. */
@LabTest(hosts = LabTest.Hosts.NONE)
@Tag("any-release")
@Order(Integer.MAX_VALUE)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FrozenHostsIT {
    private static final int NUMBER = 2;
    private static final Names NAMES = Names.of(NUMBER);
    private static final String LOOK = "ls /root";

    @BeforeEach
    @AfterEach
    void nothingIsLeftOfTheLab() throws InterruptedException {
        LocalLab.stopAny(NUMBER);
    }

    private static void assertNothingIsLeft() {
        Path state = LabPaths.defaultState(NAMES);
        assertThat(Mounts.below(state)).isEmpty();
        assertThat(state).doesNotExist();
        assertThat(Cgroups.ofMachine().ours(NAMES)).isEmpty();
    }

    @Test
    void beginFromTheirDisksAsOftenAsTheyAreThawed() throws Exception {
        try (LocalLab lab = twoHosts()) {
            LabHost one = lab.host("one");
            String id = one.exec("cat /etc/machine-id").text();
            one.exec("""
                            cat >/etc/systemd/system/proof.service <<'END'
                            [Service]
                            ExecStart=/bin/sleep infinity
                            ExecStop=/bin/sh -c 'echo >>/root/stopped'
                            [Install]
                            WantedBy=multi-user.target
                            END
                            systemctl enable --now proof
                            touch /root/before
                            rm /etc/issue
                            """).text();

            FrozenHosts frozen = lab.freeze();

            assertThat(lab.hosts()).noneMatch(LabHost::isPowered);

            one.boot();
            assertThat(one.exec(LOOK + "; touch /root/between").text()).isEqualTo("before\nstopped");

            for (int turn = 0; turn < 2; turn++) {
                lab.thaw(frozen);

                assertThat(lab.hosts()).allMatch(LabHost::isPowered);
                assertThat(one.exec(LOOK).text()).isEqualTo("before\nstopped");
                assertThat(one.exec("cat /etc/machine-id; systemctl is-active proof; systemctl is-system-running")
                                .text())
                        .isEqualTo(id + "\nactive\nrunning");
                assertThat(one.exec("test -e /etc/issue").succeeded()).isFalse();
                assertThat(OpenSshClient.run(lab, "root", one, "hostname")).isEqualTo("one");
                one.exec("touch /root/after /etc/issue; rm /root/before").text();
                lab.host("two").kill();
            }
        }
        assertNothingIsLeft();
    }

    @Test
    void stackAndOutliveAResetToAnotherRelease() throws Exception {
        try (LocalLab lab = twoHosts()) {
            LabHost one = lab.host("one");
            one.exec("touch /root/first /root/second").text();
            FrozenHosts first = lab.freeze();
            lab.thaw(first);
            one.exec("rm /root/first; touch /root/third").text();
            FrozenHosts second = lab.freeze();

            lab.thaw(first);
            assertThat(one.exec(LOOK).text()).isEqualTo("first\nsecond");
            lab.thaw(second);
            assertThat(one.exec(LOOK).text()).isEqualTo("second\nthird");

            lab.reset(Release.BOOKWORM);
            assertThat(one.exec(LOOK).text()).isEmpty();
            lab.thaw(second);
            assertThat(lab.release()).isEqualTo(Release.TRIXIE);
            assertThat(OpenSshClient.run(lab, "root", one, LOOK + "; cut -d. -f1 /etc/debian_version"))
                    .isEqualTo("second\nthird\n13");
        }
        assertNothingIsLeft();
    }

    @Test
    void areThoseOfOneLab() throws Exception {
        FrozenHosts former;
        try (LocalLab lab = twoHosts()) {
            former = lab.freeze();
            LabException off = catchThrowableOfType(LabException.class, lab::freeze);
            assertThat(off.code()).isEqualTo("lab.off");
        }
        assertNothingIsLeft();
        try (LocalLab lab = twoHosts()) {
            LabException foreign = catchThrowableOfType(LabException.class, () -> lab.thaw(former));
            assertThat(foreign.code()).isEqualTo("lab.frozen");
            assertThat(lab.hosts()).allMatch(LabHost::isPowered);
        }
    }

    @Test
    void areNotMadeOfAHostThatDoesNotShutDown() throws Exception {
        try (LocalLab lab = twoHosts()) {
            LabHost one = lab.host("one");
            one.exec("systemd-run --unit=stubborn -p ExecStop='/bin/sleep infinity' sleep infinity")
                    .text();
            LabException failure =
                    catchThrowableOfType(LabException.class, () -> one.runtime().shutDown(Duration.ofSeconds(5)));
            assertThat(failure.code()).isEqualTo("lab.shutdown");
            assertThat(failure.node()).hasValue("one");
            assertThat(failure).hasMessageContaining("stubborn.service");
        }
    }

    @Test
    void areMadeAlsoByWhoTakesCommandOfALabThatWasKept() throws Exception {
        try (LocalLab lab = twoHosts()) {
            lab.host("one").exec("touch /root/first").text();
            lab.thaw(lab.freeze());
            lab.keep();
        }
        try (LocalLab lab = LocalLab.attach(NUMBER).orElseThrow()) {
            lab.host("one").exec("touch /root/second").text();
            FrozenHosts frozen = lab.freeze();
            lab.thaw(frozen);
            assertThat(lab.host("one").exec(LOOK).text()).isEqualTo("first\nsecond");
            lab.stop();
        }
        assertNothingIsLeft();
    }

    @Test
    void goWithTheRestOfALabWhoseProcessWasKilled() throws Exception {
        Process victim = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.lines().anyMatch(Victim.THAWED::equals)).isTrue();
        } finally {
            victim.destroyForcibly().waitFor();
        }
        assertThat(LabPaths.defaults(NAMES).frozen()).isNotEmptyDirectory();

        assertThat(LocalLab.stopAny(NUMBER)).isTrue();

        assertNothingIsLeft();
    }

    /** Freezes and thaws a lab, says so, and waits to be killed. */
    static final class Victim {
        private static final String THAWED = "thawed";

        private Victim() {}

        public static void main(String[] args) throws InterruptedException {
            LocalLab lab = twoHosts();
            lab.thaw(lab.freeze());
            System.out.println(THAWED);
            Thread.currentThread().join();
        }
    }

    /** Three spares beside the six hosts that a lab has where none are named. */
    @Test
    void mayBeNine() throws Exception {
        LabConfig six = LabConfig.builder().number(NUMBER).build();
        try (LocalLab lab = LocalLab.start(config -> {
            config.number(NUMBER);
            six.hosts().forEach(config::host);
            return config.host("spare-01", six.address(106))
                    .host("spare-02", six.address(107))
                    .host("spare-03", six.address(108));
        })) {
            lab.thaw(lab.freeze());

            assertThat(lab.hosts()).hasSize(9);
            for (LabHost host : lab.hosts()) {
                assertThat(OpenSshClient.run(lab, "root", host, "hostname; systemctl is-system-running"))
                        .isEqualTo(host.name() + "\nrunning");
            }
            assertThatThrownBy(() -> lab.host("spare-04")).hasMessageContaining("spare-03");
        }
        assertNothingIsLeft();
    }

    private static LocalLab twoHosts() throws InterruptedException {
        LabConfig defaults = LabConfig.builder().number(NUMBER).build();
        return LocalLab.start(config ->
                config.number(NUMBER).host("one", defaults.address(100)).host("two", defaults.address(101)));
    }
}
