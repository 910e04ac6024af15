package io.pgha.text;

/** Reads names of kernel settings as sysctl does. Stateless. */
public final class SysctlName {
    private SysctlName() {}

    /**
     * Returns where the setting is below {@code /proc/sys}. The first separator is the one of directories, the other
     * one stands for a dot: {@code net.ipv4.conf.eth0/100.rp_filter} is {@code net/ipv4/conf/eth0.100/rp_filter}.
     *
     * @param name the name with dots or slashes
     * @return the path, equal for two names of one setting
     */
    public static String path(String name) {
        int dot = name.indexOf('.');
        int slash = name.indexOf('/');
        if (dot < 0 || (slash >= 0 && slash < dot)) {
            return name;
        }
        return name.chars()
                .map(c -> c == '/' ? '.' : c == '.' ? '/' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
