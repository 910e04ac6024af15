package io.pgha.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTest {
    private static final String HYBRID = """
            28 1 254:0 / / rw,relatime - ext4 /dev/vda rw
            32 28 0:27 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
            38 32 0:33 / /sys/fs/cgroup/freezer rw,relatime - cgroup cgroup rw,freezer
            41 32 0:36 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
            42 32 0:37 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
            """;

    @Test
    void findsBothTreesOfTheHybridLayout() {
        assertThat(Cgroups.parse(HYBRID).trees())
                .containsExactly(Path.of("/sys/fs/cgroup/unified"), Path.of("/sys/fs/cgroup/systemd"));
    }

    @Test
    void findsTheOneTreeOfCgroup2() {
        assertThat(Cgroups.parse("42 32 0:37 / /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw,nsdelegate\n")
                        .trees())
                .containsExactly(Path.of("/sys/fs/cgroup"));
    }

    @Test
    void saysWhatIsMissingWithoutCgroup2() {
        assertThatThrownBy(() -> Cgroups.parse("28 1 254:0 / / rw - ext4 /dev/vda rw\n"))
                .isInstanceOf(LabUnavailableException.class)
                .hasMessageContaining("cgroup2");
    }

    @Test
    void entersEachTreeBeforeItBecomesTheProgram() {
        List<String> argv = Cgroups.parse(HYBRID).named("pghalab0-host-a").enter(List.of("systemd-nspawn", "--boot"));
        assertThat(argv.subList(0, 2)).containsExactly("sh", "-c");
        assertThat(argv.subList(3, argv.size()))
                .containsExactly(
                        "sh",
                        "2",
                        "/sys/fs/cgroup/unified/pghalab0-host-a",
                        "/sys/fs/cgroup/systemd/pghalab0-host-a",
                        "systemd-nspawn",
                        "--boot");
    }

    @Test
    void listsMountsBelowADirectoryLastFirst() {
        String table = """
                28 1 254:0 / /var/lib/lab rw - ext4 /dev/vda rw
                29 28 0:40 / /var/lib/lab/with\\040space rw - overlay x rw
                30 28 0:41 / /var/lib/laboratory rw - tmpfs x rw
                """;
        assertThat(Mounts.below(Path.of("/var/lib/lab"), table))
                .containsExactly(Path.of("/var/lib/lab/with space"), Path.of("/var/lib/lab"));
    }

    @Test
    void bootsWithWhatMakesAHostAMachineOfItsOwn() {
        assertThat(Nspawn.argv(Names.of(0), "db", Path.of("/r/root"), "copy-host"))
                .startsWith("env", "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1", "SYSTEMD_NSPAWN_API_VFS_WRITABLE=network")
                .contains(
                        "--directory=/r/root",
                        "--machine=pghalab0-db",
                        "--hostname=db",
                        "--network-namespace-path=/run/netns/pghalab0-db",
                        "--timezone=off",
                        "--keep-unit",
                        "--register=no",
                        "--capability=CAP_NET_ADMIN,CAP_IPC_LOCK,CAP_SYS_RESOURCE");
    }

    @Test
    void goesAroundAStubResolver() {
        assertThat(Nspawn.resolvConf("# x\nnameserver 127.0.0.53\noptions edns0\n"))
                .isEqualTo("copy-uplink");
        assertThat(Nspawn.resolvConf("nameserver 10.0.0.53\n")).isEqualTo("copy-host");
    }

    @Test
    void givesAHostItsOwnNameOnly() {
        assertThat(HostRuntime.hostsFile("db", "192.168.60.9"))
                .isEqualTo("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n192.168.60.9\tdb\n");
    }

    @Test
    void takesDebianFromWhereTheMachineTakesIt() {
        AptSettings apt = AptSettings.parse("""
                # deb http://snapshot.example/debian old main
                Types: deb
                URIs: http://mirror.example/debian
                deb [arch=amd64] https://other.example/debian-security/ x main
                deb https://packages.example/nodesource x main
                """, """
                Acquire "";
                Acquire::Check-Date "false";
                Acquire::http::Proxy "http://proxy.example:3142";
                Acquire::Languages "none";
                """);
        assertThat(apt.sourcesList(Release.BOOKWORM)).isEqualTo("""
                        deb http://mirror.example/debian bookworm main
                        deb http://mirror.example/debian bookworm-updates main
                        deb https://other.example/debian-security/ bookworm-security main
                        """);
        assertThat(apt.options())
                .containsExactly(
                        "Acquire::Check-Date \"false\";", "Acquire::http::Proxy \"http://proxy.example:3142\";");
    }

    @Test
    void takesDebianFromItsOwnServersWhereTheMachineHasNone() {
        AptSettings apt = AptSettings.parse("deb http://archive.ubuntu.com/ubuntu noble main\n", "");
        assertThat(apt.mirror()).isEqualTo("http://deb.debian.org/debian");
        assertThat(apt.securityMirror()).isEqualTo("http://deb.debian.org/debian-security");
    }

    @Test
    void makesAnotherRootFileSystemForOtherContents() {
        AptSettings apt = AptSettings.parse("", "");
        AptSettings proxied = AptSettings.parse("", "Acquire::http::Proxy \"http://p:1\";\n");
        LabConfig.Builder plain = LabConfig.builder();
        String key = new RootFileSystem(plain.build(), apt).key();
        assertThat(key).matches("trixie-[0-9a-f]{12}");
        assertThat(new RootFileSystem(plain.build(), apt).key()).isEqualTo(key);
        assertThat(new RootFileSystem(plain.build(), proxied).key()).isNotEqualTo(key);
        assertThat(new RootFileSystem(
                                LabConfig.builder().packages(List.of("curl")).build(), apt)
                        .key())
                .isNotEqualTo(key);
        assertThat(new RootFileSystem(plain.release(Release.BOOKWORM).build(), apt).key())
                .startsWith("bookworm-");
    }

    @Test
    void findsTheStartTimeBehindAHostileName() {
        assertThat(PidRecord.startTicks("12 (a) b (c) S 1 12 12 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 99 100"))
                .isEqualTo(4711);
        PidRecord self = PidRecord.of(ProcessHandle.current().pid()).orElseThrow();
        assertThat(self.isAlive()).isTrue();
        assertThat(PidRecord.parse(self.text())).hasValue(self);
        assertThat(new PidRecord(self.pid(), self.startTicks() + 1).isAlive()).isFalse();
        assertThat(PidRecord.parse("")).isEmpty();
    }

    @Test
    void readsKernelFilesWhole() {
        // With a small first read the kernel would give only the first digit.
        assertThat(Machine.read(Path.of("/proc/sys/kernel/pid_max")).strip()).hasSizeGreaterThan(3);
    }

    @Test
    void showsTheEndOfAConsoleWithoutItsColours() {
        assertThat(Text.lastLines("one\n\n\u001b[0;32m  OK  \u001b[0m two\r\nthree\n \n", 2))
                .isEqualTo("  OK   two\nthree");
    }
}
