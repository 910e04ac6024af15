package io.pgha.model.hba;

import io.pgha.Given;
import io.pgha.model.hba.HbaRule.NoRuleException;
import io.pgha.model.hba.HbaTokens.Token;
import io.pgha.model.internal.text.Texts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Lines of {@code pg_hba.conf}, read as PostgreSQL 15 and 17 read them: with quotes, lists, comments, lines that go on
 * in the next one after a backslash, and from version 16 on regular expressions and includes.
 *
 * <p>Immutable and thread-safe; no I/O: what an include or {@code @file} holds is not known here.
 */
public final class HbaFile {
    private static final Set<String> INCLUDES = Set.of("include", "include_if_exists", "include_dir");
    private static final int FIRST_WITH_INCLUDES = 16;

    private final List<Entry> entries;
    private final List<Flaw> flaws;

    /** A rule; without one, an include. */
    private record Entry(Optional<HbaRule> rule) {}

    /**
     * A line that PostgreSQL would not take; at a reload it would keep the old rules, at a start it would stop.
     *
     * @param line the line, without {@linkplain HbaSecrets its secrets}
     * @param reason what is wrong with it, in words
     * @param since the first major version of PostgreSQL that would take it, where one does; empty where none does
     */
    public record Flaw(String line, String reason, OptionalInt since) {}

    /**
     * A connection that is needed.
     *
     * @param role the role; empty where it is not known, so that any line's may be it
     * @param database a database, or {@code replication}
     * @param address where it comes from; empty for the server's own socket
     * @param way how it comes from there
     */
    public record Login(Optional<String> role, String database, Optional<String> address, Way way) {}

    /** Names how a connection comes, and proves who it is. */
    public enum Way {
        /**
         * With a password and no certificate, as the roles do that pgha makes: with TLS from an address, and never
         * without; over the server's socket as the system's user {@code postgres}.
         */
        PASSWORD,
        /** In a way that is not known. */
        ANY
    }

    private HbaFile(List<Entry> entries, List<Flaw> flaws) {
        this.entries = List.copyOf(entries);
        this.flaws = List.copyOf(flaws);
    }

    /**
     * Reads lines.
     *
     * @param lines the lines in order
     * @param major PostgreSQL's major version; empty where it is not known, so that includes are flaws
     * @return the rules and flaws
     */
    public static HbaFile parse(List<String> lines, OptionalInt major) {
        Given.value(lines, "lines");
        Given.value(major, "major");
        List<Entry> entries = new ArrayList<>();
        List<Flaw> flaws = new ArrayList<>();
        StringBuilder joined = new StringBuilder();
        for (String line : lines) {
            if (line.endsWith("\\")) {
                joined.append(line, 0, line.length() - 1);
                continue;
            }
            String whole = joined.append(line).toString();
            joined.setLength(0);
            try {
                entry(whole, major).ifPresent(entries::add);
            } catch (NoRuleException e) {
                flaws.add(flaw(whole, e, major)); // reported with all others
            }
        }
        if (joined.length() > 0) {
            flaws.add(new Flaw(
                    HbaSecrets.coveredIn(joined.toString()),
                    "it ends with a backslash, and no line follows",
                    OptionalInt.empty()));
        }
        return new HbaFile(entries, flaws);
    }

    /**
     * Returns what PostgreSQL would not take.
     *
     * @return lines with reasons, in order; empty where all is well
     */
    public List<Flaw> flaws() {
        return flaws;
    }

    /**
     * Tells whether a connection would be turned away: the first rule that fits it decides, by {@code reject} or by a
     * method that asks for what the connection does not have, and none is a refusal. Where it is not known whether a
     * rule fits (names, regular expressions, groups, includes, TLS or not), it is taken to admit.
     *
     * @param login the connection
     * @return true where it would surely be turned away
     */
    public boolean refuses(Login login) {
        for (Entry entry : entries) {
            if (entry.rule().isEmpty()) {
                return false;
            }
            HbaRule rule = entry.rule().get();
            boolean away = rule.turnsAway(login);
            if (away ? rule.surelyFits(login) : rule.mayFit(login)) {
                return away;
            }
        }
        return true;
    }

    /**
     * Tells from where a role would be turned away.
     *
     * @param role the role; empty where it is not known
     * @param database a database, or {@code replication}
     * @param addresses where it comes from
     * @param way how it comes from there
     * @return those of the addresses from which it {@linkplain #refuses would surely be turned away}, in their order
     */
    public List<String> refusedFrom(Optional<String> role, String database, Collection<String> addresses, Way way) {
        Given.value(role, "role");
        Given.value(database, "database");
        Given.value(addresses, "addresses");
        Given.value(way, "way");
        return addresses.stream()
                .filter(address -> refuses(new Login(role, database, Optional.of(address), way)))
                .toList();
    }

    /**
     * A reason may quote what it does not like, and that may be a part of a secret: it is the one of the line without
     * it.
     */
    private static Flaw flaw(String line, NoRuleException flaw, OptionalInt major) {
        String covered = HbaSecrets.coveredIn(line);
        String reason = flaw.reason();
        if (covered.equals(line) || !reason.contains("\"") || reason.startsWith("radius")) {
            return new Flaw(covered, reason, flaw.since());
        }
        try {
            entry(covered, major);
            return new Flaw(
                    covered,
                    "the secret in it must be one word, or for several servers a list; put it in quotes, and write a quote"
                            + " in it twice",
                    OptionalInt.empty());
        } catch (NoRuleException e) {
            return new Flaw(covered, e.reason(), e.since()); // the reader wants to know
        }
    }

    private static Optional<Entry> entry(String line, OptionalInt major) throws NoRuleException {
        if (!Texts.oneLine(line.replace('\t', ' '))) {
            throw new NoRuleException("it is not one line of text");
        }
        List<List<Token>> fields =
                HbaTokens.fields(line).orElseThrow(() -> new NoRuleException("a quote is not closed"));
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        Token first = fields.get(0).get(0);
        if (!first.quoted() && INCLUDES.contains(first.text())) {
            if (major.orElse(0) < FIRST_WITH_INCLUDES) {
                throw new NoRuleException(
                        first.text() + " needs PostgreSQL " + FIRST_WITH_INCLUDES
                                + (major.isEmpty() ? "; the version is not known here" : ""),
                        OptionalInt.of(FIRST_WITH_INCLUDES));
            }
            if (fields.size() != 2 || fields.get(1).size() != 1) {
                throw new NoRuleException(first.text() + " needs one path");
            }
            return Optional.of(new Entry(Optional.empty()));
        }
        return Optional.of(new Entry(Optional.of(HbaRule.of(fields))));
    }

    @Override
    public String toString() {
        return "pg_hba.conf of " + entries.size() + " lines, and " + flaws.size() + " that PostgreSQL would not take";
    }
}
