package io.pgha.secret;

import io.pgha.Given;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps the passwords that pgha makes or is given. The ready-made stores are {@link #directory} and {@link #memory};
 * implement it to keep them elsewhere, for example in a vault.
 *
 * <p>An implementation promises:
 *
 * <ul>
 *   <li>It is thread-safe, may do I/O, and reports failures as {@link io.pgha.PgHaException}, without any secret in
 *       them. Its {@code toString} says where the secrets are, and shows none.
 *   <li>It never answers "there is none" when it cannot tell: another password would be made, which no server knows.
 *   <li>{@link #put} and {@link #replace} are atomic, also among processes: of several callers exactly one wins, the
 *       others are told by a {@link SecretConflictException}, and whoever reads meanwhile gets the old secret or the
 *       new one. Vaults call it check-and-set, or the version that a write expects.
 *   <li>What was put or replaced when the call returns is kept for good: pgha gives it to servers next.
 *   <li>Secrets of different clusters are kept apart, and apart from those of the store that was not narrowed.
 * </ul>
 *
 * <p>{@link #obtain} comes for nothing with these. Before pgha calls the store that it was given, it checks names
 * ({@link SecretNames}) and secrets ({@link SecretText}); what comes out of it is checked, too, and covered from then
 * on wherever pgha shows what a host has said. An implementation that others call as well may do these checks itself,
 * as the ready-made ones do.
 */
public interface SecretStore {

    /**
     * Returns the names of all secrets that are kept, those of {@linkplain #forCluster narrowed} stores not among them.
     * May do I/O.
     *
     * @return the names, sorted; empty where nothing is kept yet. Whether each can be read is not looked at
     * @throws io.pgha.PgHaException when that cannot be told
     */
    List<String> names();

    /**
     * Returns a secret where one is kept; never makes one. May do I/O.
     *
     * @param name dotted lower-case name, for example {@code postgres.superuser}; {@link SecretNames#checked} says
     *     which ones there are
     * @return the secret, or empty where none of that name is kept
     * @throws io.pgha.PgHaException where what is kept cannot be read or is no password, or when that cannot be told
     */
    Optional<Secret> read(String name);

    /**
     * Keeps a secret where there is none yet; all or nothing. May do I/O.
     *
     * @param name dotted lower-case name
     * @param secret the secret
     * @throws SecretConflictException when one of that name is kept already, were it the same (code
     *     {@code secrets.exists}); nothing was changed
     * @throws io.pgha.PgHaException when it is no password, or cannot be kept
     */
    void put(String name, Secret secret);

    /**
     * Replaces a secret; all or nothing. Changes the store alone: servers get the new one by what is done next. May do
     * I/O.
     *
     * @param name dotted lower-case name
     * @param expected what the caller has read
     * @param secret what to keep in its place
     * @throws SecretConflictException when something else than {@code expected} is kept now, or nothing (code
     *     {@code secrets.changed}); nothing was changed
     * @throws io.pgha.PgHaException when what is kept, or to be kept, is no password, or when it cannot be kept
     */
    void replace(String name, Secret expected, Secret secret);

    /**
     * Returns a secret, making and keeping it where there is none yet. May do I/O.
     *
     * <p>Reads and, where there is none, puts what was made; where somebody else has been faster, theirs is returned.
     *
     * @param name dotted lower-case name, for example {@code postgres.superuser}
     * @param otherwise makes the secret; of several callers at once each may be asked, and one secret is kept
     * @return the secret, the same one at every later call
     * @throws io.pgha.PgHaException where what is kept, or made, is no password, or cannot be read or kept
     */
    default Secret obtain(String name, Supplier<Secret> otherwise) {
        Given.value(name, "name");
        Given.value(otherwise, "otherwise");
        return read(name).orElseGet(() -> {
            Secret made = otherwise.get();
            try {
                put(name, made);
                return made;
            } catch (SecretConflictException faster) {
                return read(name).orElseThrow(() -> faster);
            }
        });
    }

    /**
     * Returns the part of this store that belongs to one cluster. Does no I/O.
     *
     * @param cluster the cluster's name
     * @return the narrowed store
     * @throws io.pgha.PgHaException when it is no name of a cluster (code {@code secrets.name})
     */
    SecretStore forCluster(String cluster);

    /**
     * Returns a store in a directory: one file a secret, {@code CLUSTER/NAME}, readable by the owner only. Does no I/O
     * yet.
     *
     * <p>A file holds the password as one line of UTF-8 text, and may be written by hand. It is looked at whenever it
     * is read. What is empty, not UTF-8, has several lines, blanks before or behind the password, control characters or
     * a byte order mark, and what is not a file at all is refused (code {@code secrets.malformed}); so is what others
     * can read or write (code {@code secrets.exposed}): a file with bits for its group or others in directories that
     * are open to them. The message names the file, what is wrong and what helps, never the password. A file elsewhere
     * may be linked to; that is read, and never replaced (code {@code secrets.link}).
     *
     * <p>A password that begins or ends with a blank is not kept for the same reason: a file cannot tell whether it
     * belongs to it.
     *
     * <p>What is put or replaced is on the disk when the call returns; a crash at any moment leaves the old secret or
     * the new one. It may leave a file {@code .secret…}, too, which nobody reads and anybody may delete. A replacement
     * locks the file {@code .lock} in the cluster's directory for as long as it lasts; a thread that is interrupted
     * while it waits for that is told so (code {@code secrets.interrupted}). Where files cannot be read or written, the
     * code is {@code secrets.io}.
     *
     * @param directory the directory; made (0700) when the first secret is kept. It needs a file system with POSIX
     *     permissions and hard links
     * @return the store
     */
    static SecretStore directory(Path directory) {
        return new DirectorySecretStore(Given.value(directory, "directory"));
    }

    /**
     * Returns a store that forgets everything with the process; for rehearsals and tests. Does no I/O.
     *
     * @return the store
     */
    static SecretStore memory() {
        return new MemorySecretStore();
    }
}
