"""look.py all|content LEFT-OUT… -- FOLDER… — a line for everything in the folders: kind, mode, owner, links, size, both
times, extended attributes, flags, and a hash of the content. A left-out path stands for all that begin so; with = before
it, for itself. Objects of git may be written again and be joined by others: of them, the content alone counts."""
import array
import fcntl
import hashlib
import os
import stat
import sys

FS_IOC_GETFLAGS = 0x80086601


def flags(path):
    buffer = array.array("L", [0])
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return "-"
    try:
        fcntl.ioctl(fd, FS_IOC_GETFLAGS, buffer)
        return buffer[0]
    except OSError:
        return "-"
    finally:
        os.close(fd)


def line(path, attributes_too):
    about = os.lstat(path)
    content = "-"
    if stat.S_ISREG(about.st_mode):
        with open(path, "rb") as file:
            content = hashlib.sha256(file.read()).hexdigest()
    elif stat.S_ISLNK(about.st_mode):
        content = os.readlink(path)
    if not attributes_too or "/.git/objects/" in path:
        print(path, stat.S_IFMT(about.st_mode), content)
        return
    attributes = {name: os.getxattr(path, name, follow_symlinks=False)
                  for name in os.listxattr(path, follow_symlinks=False)}
    own = flags(path) if stat.S_ISREG(about.st_mode) or stat.S_ISDIR(about.st_mode) else "-"
    print(path, oct(about.st_mode), about.st_uid, about.st_gid, about.st_nlink, about.st_size, about.st_mtime_ns,
          about.st_ctime_ns, attributes, own, content)


def main():
    cut = sys.argv.index("--")
    left_out, folders = sys.argv[2:cut], sys.argv[cut + 1:]
    for top in folders:
        for folder, names, files in os.walk(top):
            names.sort()
            for path in [folder] + [os.path.join(folder, name) for name in sorted(files)]:
                if not any(path.startswith(one) or "=" + path == one for one in left_out):
                    line(path, sys.argv[1] == "all")


main()
