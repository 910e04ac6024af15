package io.pgha.examples.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;

/**
 * Cuts a module into its packages, to look for cycles among them.
 *
 * <p>A package at a module's door is cut in two, because two kinds of class live there on purpose: the words that every
 * package speaks when something is wrong, and the doors, which use every package.
 */
final class Packages implements SliceAssignment {

    private static final Set<String> WORDS = Set.of(
            "io.pgha.PgHaException",
            "io.pgha.Problem",
            "io.pgha.NullArgumentException",
            "io.pgha.Given",
            "io.pgha.certs.AuthorityFiles",
            "io.pgha.certs.AuthorityOptions",
            "io.pgha.certs.CaRotation",
            "io.pgha.certs.CaStore",
            "io.pgha.certs.CertificateStatus",
            "io.pgha.certs.CertificateView",
            "io.pgha.certs.CertsClientOptions",
            "io.pgha.certs.CertsView",
            "io.pgha.certs.DirectoryCaStore",
            "io.pgha.certs.EncryptedKeys",
            "io.pgha.certs.KeptAuthority",
            "io.pgha.certs.MemoryCaStore",
            "io.pgha.certs.PkiException",
            "io.pgha.etcd.DcsView",
            "io.pgha.etcd.Defragmentation",
            "io.pgha.etcd.EtcdClientOptions",
            "io.pgha.etcd.EtcdException",
            "io.pgha.etcd.EtcdMember",
            "io.pgha.etcd.EtcdSnapshot",
            "io.pgha.etcd.EtcdStatus",
            "io.pgha.etcd.MemberStatus",
            "io.pgha.model.InvalidConfigException",
            "io.pgha.patroni.PatroniException",
            "io.pgha.patroni.OutcomeUnknownException",
            "io.pgha.patroni.PatroniClientOptions",
            "io.pgha.ssh.HostKeyException",
            "io.pgha.ssh.HostKeyPolicy",
            "io.pgha.ssh.SshAuthenticationException",
            "io.pgha.ssh.SshChecks",
            "io.pgha.ssh.SshCredential",
            "io.pgha.ssh.SshJump",
            "io.pgha.ssh.SshOptions");

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
        String name = javaClass.getName();
        int nested = name.indexOf('$');
        String outermost = (nested < 0 ? name : name.substring(0, nested)).replace(".Immutable", ".");
        return SliceIdentifier.of(javaClass.getPackageName() + (WORDS.contains(outermost) ? " (words)" : ""));
    }

    @Override
    public String getDescription() {
        return "packages";
    }
}
