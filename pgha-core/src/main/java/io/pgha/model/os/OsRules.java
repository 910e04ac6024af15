package io.pgha.model.os;

import io.pgha.model.internal.rule.Problems;
import io.pgha.model.internal.text.Texts;
import io.pgha.text.SysctlName;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Checks the settings of the hosts. */
final class OsRules {
    private static final Pattern SYSCTL = Pattern.compile("[a-z][a-z0-9_-]*([./][A-Za-z0-9_][A-Za-z0-9_-]*)+");
    /**
     * Debian's rule, less the - at the end, which tells apt-get to remove; it reads a + there as a name, or as install.
     */
    private static final Pattern PACKAGE = Pattern.compile("[a-z0-9][a-z0-9+.-]{0,126}[a-z0-9+.]");

    private OsRules() {}

    static void check(OsConfig os, Problems problems) {
        Map<String, String> seen = new HashMap<>();
        os.sysctls().forEach((name, value) -> {
            String other = seen.putIfAbsent(SysctlName.path(name), name);
            if (!SYSCTL.matcher(name).matches()) {
                problems.add(
                        "sysctl-name",
                        "os.sysctls has " + Texts.quote(name) + ", which is not the name of a kernel setting",
                        "Write a name such as vm.swappiness.");
            } else if (other != null) {
                problems.add(
                        "sysctl-duplicate",
                        "os.sysctls gives one kernel setting twice, as " + other + " and as " + name,
                        "Remove one of the two.");
            } else if (value.isBlank() || !Texts.oneLine(value.replace('\t', ' '))) {
                problems.add(
                        "sysctl-value",
                        "os.sysctls gives " + name + " the value " + Texts.quote(value)
                                + ", which is not one line of text",
                        "Give " + name + " its value on one line.");
            }
        });
        for (String name : os.packages()) {
            if (name.endsWith("-")
                    && PACKAGE.matcher(name.replaceFirst("-$", "")).matches()) {
                problems.add(
                        "package-name",
                        "os.packages has " + Texts.quote(name) + ", which would tell apt to remove "
                                + name.replaceFirst("-$", ""),
                        "Write the names of packages to install; pgha removes none.");
            } else if (!PACKAGE.matcher(name).matches()) {
                problems.add(
                        "package-name",
                        "os.packages has " + Texts.quote(name) + ", which is not the name of a Debian package",
                        "Write the name alone, for example postgresql-contrib.");
            }
        }
    }
}
