package io.pgha.os;

import io.pgha.resource.CommandResource;
import io.pgha.resource.Systemd;
import io.pgha.spi.Resource;

/** Has chrony keep the clock, where the machine lets it. */
final class TimeKeeping {
    private TimeKeeping() {}

    /**
     * A container without CAP_SYS_TIME has the clock of its machine, and Debian's unit (ConditionCapability) is skipped
     * there: that is as good as it gets, and the command says so.
     */
    static Resource chrony() {
        String settable = """
                while read -r name value; do
                  if [ "$name" = CapBnd: ]; then case ${value%??????} in *[2367abef]) clock=settable ;; esac; fi
                done </proc/1/status
                """;
        return CommandResource.named("service:chrony")
                .title("run chrony")
                .batch(Systemd.batch("chrony"))
                .guard(Systemd.find("chrony") + "clock=\n" + settable + """
                        if [ "$enabled" != enabled ]; then echo 'chrony is not enabled'
                        elif [ "$active" = active ] || [ -z "$clock" ]; then echo ok
                        else echo "chrony is $active"; fi
                        """)
                .bare("chrony is not enabled")
                .script("set -e\nclock=\n" + settable + """
                        systemctl --quiet enable chrony
                        if [ -n "$clock" ]; then systemctl start chrony
                        else echo 'chrony cannot set the clock here (no CAP_SYS_TIME): the machine around this container has to' >&2; fi
                        """)
                .build();
    }
}
