package io.pgha.model.internal.rule;

import io.pgha.model.internal.text.Texts;
import java.util.regex.Pattern;

/** Checks the names of users that log in over HTTP. */
public final class UserRules {
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}");

    private UserRules() {}

    public static void check(String path, String user, Problems problems) {
        if (!USER.matcher(user).matches()) {
            problems.add(
                    "user-name",
                    path + " is " + Texts.quote(user)
                            + "; it must be 1 to 63 letters, digits, _, . and -, and not begin with . or -",
                    "Choose another name for " + path + ".");
        }
    }
}
