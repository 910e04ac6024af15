package io.pgha.resource;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.spi.Notification;
import io.pgha.spi.Reaction;
import java.util.List;

/**
 * The markers that make sure that no restart is lost: written before what a unit reads is changed, removed by the
 * restart.
 */
final class Pending {
    private static final String DIRECTORY = "/var/lib/pgha/pending";
    private static final String SERVICE = "service:";

    private Pending() {}

    static String path(String unit) {
        return DIRECTORY + "/" + unit;
    }

    /** Leaves a marker for each unit on this node that has to react; a restart outweighs a reload. */
    static String mark(List<Notification> notifications) {
        StringBuilder script = new StringBuilder();
        for (Notification notification : notifications) {
            if (notification.reach() == Notification.Reach.NODE
                    && notification.resourceId().startsWith(SERVICE)) {
                String marker = quote(path(notification.resourceId().substring(SERVICE.length())));
                String write = "printf %s " + notification.reaction().name() + " >" + marker + "\n";
                script.append("mkdir -p ").append(DIRECTORY).append('\n');
                script.append(
                        notification.reaction() == Reaction.RESTART ? write : "[ -s " + marker + " ] || " + write);
            }
        }
        return script.toString();
    }
}
