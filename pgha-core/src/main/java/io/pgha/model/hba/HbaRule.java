package io.pgha.model.hba;

import io.pgha.model.hba.HbaTokens.Token;
import io.pgha.model.internal.text.Ip;
import io.pgha.model.internal.text.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One rule of {@code pg_hba.conf}, read as PostgreSQL 15 and 17 do. Immutable. */
final class HbaRule {
    private static final List<String> TYPES =
            List.of("local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc");
    private static final Pattern SLASH = Pattern.compile("([^/]*)/(.*)");
    private static final Pattern NUMERIC = Pattern.compile("[0-9.]+|.*:.*");
    /** The methods that let in who has a password, or who has nothing. */
    private static final Set<String> WITH_PASSWORD = Set.of("scram-sha-256", "md5", "password", "trust");

    /** The methods that let in who is a user of that name on the server's machine. */
    private static final Set<String> SAME_NAME = Set.of("peer", "ident");

    private static final Predicate<String> CLIENT_CERTIFICATE =
            Pattern.compile("clientcert=verify-(ca|full)").asMatchPredicate();

    private static final Pattern HOST = Pattern.compile("\\.?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?");

    private final String type;
    private final List<Token> databases;
    private final List<Token> roles;
    private final Optional<HbaNetwork> network;
    private final String place;
    private final String method;
    private final List<String> options;

    private HbaRule(
            String type,
            List<Token> databases,
            List<Token> roles,
            Optional<HbaNetwork> network,
            String place,
            String method,
            List<String> options) {
        this.type = type;
        this.databases = databases;
        this.roles = roles;
        this.network = network;
        this.place = place;
        this.method = method;
        this.options = List.copyOf(options);
    }

    /** Says why a line is no rule. */
    static final class NoRuleException extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient OptionalInt since;

        NoRuleException(String reason) {
            this(reason, OptionalInt.empty());
        }

        NoRuleException(String reason, OptionalInt since) {
            super(reason);
            this.since = since;
        }

        /** Returns the first major version of PostgreSQL that would take the line; empty where none does. */
        OptionalInt since() {
            return since;
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /** Reads the fields of one line, at least one. */
    static HbaRule of(List<List<Token>> fields) throws NoRuleException {
        String type = one(fields, 0, "the type");
        if (!TYPES.contains(type)) {
            throw new NoRuleException("the type " + Texts.quote(type) + " is unknown"
                    + io.pgha.text.Nearest.of(type, TYPES)
                            .map(near -> "; did you mean " + near + "?")
                            .orElse("; it is one of " + String.join(", ", TYPES)));
        }
        List<Token> databases = field(fields, 1, "the database");
        List<Token> roles = field(fields, 2, "the role");
        int next = 3;
        Optional<HbaNetwork> network = Optional.empty();
        String place = "";
        if (!type.equals("local")) {
            place = one(fields, next++, "the address");
            Matcher slash = SLASH.matcher(place);
            boolean hasPrefix = slash.matches();
            String literal = hasPrefix ? slash.group(1) : place;
            Optional<Ip> address = HbaNetwork.address(literal);
            if (address.isPresent()) {
                network = Optional.of(
                        hasPrefix
                                ? prefix(place, slash.group(2), address.get())
                                : mask(place, one(fields, next++, "the mask of " + place), address.get()));
            } else {
                name(place, literal, hasPrefix);
            }
        }
        String method = one(fields, next++, "the method");
        List<String> options = new ArrayList<>();
        for (List<Token> option : fields.subList(next, fields.size())) {
            options.add(String.join(",", option.stream().map(Token::text).toList()));
        }
        Optional<String> problem = HbaOptions.problem(type, method, options);
        if (problem.isPresent()) {
            throw new NoRuleException(problem.get());
        }
        return new HbaRule(type, databases, roles, network, place, method, options);
    }

    /**
     * Tells whether a connection that fits would fail. Whom a map of pg_ident.conf or another server knows is not known
     * here.
     */
    boolean turnsAway(HbaFile.Login login) {
        if (method.equals("reject")) {
            return true;
        }
        if (login.way() == HbaFile.Way.ANY) {
            return false;
        }
        if (login.address().isPresent()) {
            return !WITH_PASSWORD.contains(method) || options.stream().anyMatch(CLIENT_CERTIFICATE);
        }
        boolean asItself = login.role().filter("postgres"::equals).isPresent()
                || options.stream().anyMatch(option -> option.startsWith("map="));
        return !WITH_PASSWORD.contains(method) && !(SAME_NAME.contains(method) && asItself);
    }

    /** Tells whether every connection of the login fits; one of which not all is known does not surely fit. */
    boolean surelyFits(HbaFile.Login login) {
        return fits(login, true);
    }

    /** Tells whether a connection of the login may fit. */
    boolean mayFit(HbaFile.Login login) {
        return fits(login, false);
    }

    private boolean fits(HbaFile.Login login, boolean surely) {
        if (login.address().isEmpty()) {
            return type.equals("local") && database(login, surely) && role(login, surely);
        }
        return way(login.way(), surely)
                && from(login.address().get(), surely)
                && database(login, surely)
                && role(login, surely);
    }

    private boolean way(HbaFile.Way way, boolean surely) {
        return switch (type) {
            case "host" -> true;
            case "hostssl", "hostnogssenc" -> way == HbaFile.Way.PASSWORD || !surely;
            case "local" -> false;
            default -> way == HbaFile.Way.ANY && !surely;
        };
    }

    private boolean from(String from, boolean surely) {
        if (place.equals("all")) {
            return true;
        }
        Optional<Ip> ip = Ip.parse(from);
        if (network.isPresent() && ip.isPresent()) {
            return network.get().contains(ip.get());
        }
        // A name, or samenet, of which only the server knows what it stands for; samehost is never another member.
        return !surely && !place.equals("samehost");
    }

    private boolean database(HbaFile.Login login, boolean surely) {
        boolean replication = login.database().equals("replication");
        for (Token token : databases) {
            // A slash begins a regular expression within quotes, too.
            boolean special = token.text().startsWith("/")
                    || (!token.quoted()
                            && (token.text().startsWith("@") || token.text().startsWith("same")));
            if (replication
                    ? token.is("replication")
                    : token.is("all") || token.text().equals(login.database())) {
                return true;
            }
            if (special && !surely && !(replication && !token.text().startsWith("@"))) {
                return true;
            }
        }
        return false;
    }

    private boolean role(HbaFile.Login login, boolean surely) {
        for (Token token : roles) {
            if (token.is("all")) {
                return true;
            }
            boolean special = token.text().startsWith("/")
                    || (!token.quoted()
                            && (token.text().startsWith("@") || token.text().startsWith("+")));
            if (login.role().isPresent() ? token.text().equals(login.role().get()) : !surely) {
                return true;
            }
            if (special && !surely) {
                return true;
            }
        }
        return false;
    }

    private static HbaNetwork prefix(String place, String text, Ip address) throws NoRuleException {
        OptionalInt prefix = text.matches("[0-9]{1,3}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
        if (prefix.isEmpty() || prefix.getAsInt() > address.bits()) {
            throw new NoRuleException(Texts.quote(place) + " must end with a prefix from 0 to " + address.bits());
        }
        return HbaNetwork.ofPrefix(address, prefix.getAsInt());
    }

    private static HbaNetwork mask(String place, String text, Ip address) throws NoRuleException {
        Optional<Ip> mask = Ip.orMapped(text).filter(address::sameFamily);
        if (mask.isEmpty()) {
            throw new NoRuleException("behind the address " + place + " stands " + Texts.quote(text)
                    + ", which is no mask; did you mean " + place + "/" + address.bits() + "?");
        }
        return new HbaNetwork(address, mask.get().value());
    }

    private static void name(String place, String literal, boolean hasPrefix) throws NoRuleException {
        if (Set.of("all", "samehost", "samenet").contains(place)) {
            return;
        }
        if (NUMERIC.matcher(literal).matches()) {
            throw new NoRuleException(
                    Texts.quote(place) + " is no address; write for example 10.9.0.0/16 or fd00::/64");
        }
        if (hasPrefix) {
            throw new NoRuleException(Texts.quote(place) + " is a name with a prefix; only addresses have one");
        }
        if (!HOST.matcher(place).matches()) {
            throw new NoRuleException(Texts.quote(place) + " is neither an address nor a host's name");
        }
    }

    private static List<Token> field(List<List<Token>> fields, int index, String what) throws NoRuleException {
        if (index >= fields.size()) {
            throw new NoRuleException(
                    what + " is missing; a line has a type, database, role, address (not for local) and" + " method");
        }
        return fields.get(index);
    }

    private static String one(List<List<Token>> fields, int index, String what) throws NoRuleException {
        List<Token> field = field(fields, index, what);
        if (field.size() > 1) {
            throw new NoRuleException(what + " must be one word, not a list");
        }
        return field.get(0).text();
    }
}
