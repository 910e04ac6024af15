package io.pgha.model.parameter;

import io.pgha.Given;
import io.pgha.model.internal.text.Texts;
import io.pgha.model.parameter.PatroniParameters.Finding;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds values of parameters with which pgha's own roles could not log in any more, in the clusters that it deploys.
 * Stateless; no I/O.
 */
public final class LockOut {
    private static final String SCRAM = "scram-sha-256";

    private LockOut() {}

    /**
     * Looks at one parameter.
     *
     * @param name its name, in any case
     * @param value its value as it is written
     * @return what speaks against it, of the kind {@code owned}; empty where nothing does
     */
    public static Optional<Finding> by(String name, String value) {
        Given.value(value, "value");
        return switch (Given.value(name, "name").toLowerCase(Locale.ROOT)) {
            case "password_encryption" ->
                value.equalsIgnoreCase(SCRAM)
                        ? Optional.empty()
                        : found(
                                "is " + Texts.quote(value)
                                        + ", and pg_hba.conf lets passwords in as scram-sha-256 only, those of pgha's own roles, too",
                                "Leave it out, or set it to scram-sha-256. A role that needs md5 gets its password after: SET"
                                        + " password_encryption = md5.");
            case "db_user_namespace" ->
                Parameter.flag(value).orElse(false)
                        ? found(
                                "is on: every role would have to log in as role@database, Patroni's own, too",
                                "Leave it out.")
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Finding> found(String reason, String remedy) {
        return Optional.of(new Finding("owned", reason, remedy));
    }
}
