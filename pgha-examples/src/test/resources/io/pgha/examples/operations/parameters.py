"""Tries values of every parameter on a PostgreSQL server of its own and on Patroni, which must both be installed; as root.

Prints the major version, then a line for each parameter and value: name, value, and who would not take it as it is ("server", "patroni",
both with a comma between), separated by tabs. The server never listens; its data is removed at the end.
"""
import glob
import inspect
import logging
import os
import pwd
import re
import subprocess
import tempfile

from patroni.postgresql import validator
from patroni.postgresql.config import ConfigHandler

logging.disable(logging.CRITICAL)
BIN = sorted(glob.glob('/usr/lib/postgresql/*/bin'))[-1]
SIZES = ['B', 'kB', 'MB', 'GB', 'TB']
TIMES = ['us', 'ms', 's', 'min', 'h', 'd']
# Among them hidden ones, which pg_settings does not show.
WORDS = ['on', 'OFF', 'true', 'no', '1', '0', 't', 'fals', '', ' on', 'nonsense', 'none', 'all', 'default', 'debug', 'info', 'fatal',
         'panic', 'archive', 'hot_standby', 'md5', 'view', 'stderr, csvlog', 'data, wal', 'LOGIN']
TEXTS = [' ', 'a, b', 'A', 'a-b', '"a-b"', 'a b', 'a,', '../x', 'x.y', 'Default', 'iso, sql', 'mdy, dmy', 'german, us', 'utf-8', 'Shift JIS',
         'koi8', 'UTC', 'europe/berlin', 'Europe/Berlinn', '167.9', '-168', '0600', 'FOO200', 'FOO-7', '<+02>', '<+02>-2', '1 (a)', '0 (a)']
# Lists whose items ALTER SYSTEM puts in quotes of its own, so that a file says something else (variable_is_guc_list_quote in pg_dump).
QUOTED = ['local_preload_libraries', 'output_plugin_libraries', 'search_path', 'session_preload_libraries', 'shared_preload_libraries',
          'temp_tablespaces', 'unix_socket_directories']
NUMBERS = ['', 'ten', '7', ' 7 ', '+7', '-7', '-1', '-0', '0', '007', '08', '0x10', '0X10', '0xg', '1e1', '1E1', '1e', '1.', '.5', '1.5',
           '2.5', '1,5', '1_000', '7 7', '1e400', 'nan', 'inf', '0x1p3', '99999999999999999999', 'on']


def as_postgres(*command, text=None):
    return subprocess.run(['runuser', '-u', 'postgres', '--', *command], input=text, capture_output=True, text=True, cwd='/')


def single(data, statements):
    """Runs SQL, a line each; returns what the server logs."""
    text = ''.join(statement + '\n' for statement in statements)
    return as_postgres(BIN + '/postgres', '--single', '-F', '-D', data, 'postgres', text=text).stderr


def plain(number):
    return str(int(number)) if number == int(number) and abs(number) < 1e16 else repr(number)


def edges(least, most, step):
    return [plain(edge) for edge in (least, most, least - step, most + step, least - step / 2.5, most + step / 2.5)]


def numbers(least, most, unit, whole):
    values = NUMBERS + edges(least, most, 1 if whole else 0.1)
    if whole and least >= 0:
        values += [hex(int(least)), hex(int(most)), hex(int(most) + 1), oct(int(most)).replace('o', '')]
    base = re.sub('^[0-9]+', '', unit)
    units = SIZES if base in SIZES else TIMES if base in TIMES else []
    for each in SIZES + TIMES:
        values += ['64' + each, '7 ' + each, '0.3' + each, '1' + each.lower(), '1' + each.upper(), '-1' + each]
    for each in units:
        values += ['1.4999' + each, '1.5' + each, '2.5' + each, '0x10' + each, '1e2' + each, '9999999' + each, each]
        values += [plain(edge) + each for edge in (least, most)]
    return values


def values(name, kind, least, most, unit, words):
    if kind in ('integer', 'real'):
        return numbers(float(least), float(most), unit, kind == 'integer')
    if kind == 'string':
        return WORDS + [text for text in TEXTS if name not in QUOTED or not re.search('[^A-Za-z_]', text)]
    listed = [form for word in words for form in (word, word.upper(), word[:-1], word + ' ')]
    return listed + WORDS


def patroni_takes(version, available, name, value):
    """Whether a value among postgresql.parameters reaches PostgreSQL as it is."""
    try:
        if name in ConfigHandler.CMDLINE_OPTIONS:
            return bool(ConfigHandler.CMDLINE_OPTIONS[name][1](value))
        judge = validator.transform_postgresql_parameter_value
        if name in validator.recovery_parameters:
            judge = validator.transform_recovery_parameter_value
        arguments = [version, name, value, available]
        return judge(*arguments[:len(inspect.signature(judge).parameters)]) == value
    except (OverflowError, TypeError, ValueError):  # Patroni 3.0 does not get over an infinite number, or a word for one
        return False


def main():
    with tempfile.TemporaryDirectory() as directory:
        user = pwd.getpwnam('postgres')
        os.chown(directory, user.pw_uid, user.pw_gid)
        data, table = directory + '/data', directory + '/settings'
        as_postgres(BIN + '/initdb', '-N', '-D', data).check_returncode()
        version = int(re.search(r'/([0-9]+)/bin$', BIN).group(1)) * 10000
        single(data, ["COPY (SELECT name, vartype, coalesce(min_val, ''), coalesce(max_val, ''), coalesce(unit, ''),"
                      " coalesce(array_to_string(enumvals, '|'), '') FROM pg_settings WHERE context <> 'internal' ORDER BY name)"
                      " TO '" + table + "'"])
        with open(table) as lines:
            settings = [line.rstrip('\n').split('\t') for line in lines]
        tries = {}
        for name, kind, least, most, unit, words in settings:
            for value in dict.fromkeys(values(name, kind, least, most, unit, words.split('|') if words else [])):
                tries["ALTER SYSTEM SET " + name + " TO '" + value.replace("'", "''") + "'"] = (name, value)
        refused = set(re.findall('^.*STATEMENT:  (ALTER SYSTEM .*)$', single(data, tries), re.MULTILINE))
        available = {setting[0] for setting in settings}
        print(version // 10000)
        for statement, (name, value) in tries.items():
            against = ['server'] if statement.strip() in refused else []
            against += [] if patroni_takes(version, available, name, value) else ['patroni']
            print(name, value, ','.join(against), sep='\t')


main()
