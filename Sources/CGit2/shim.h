#include <git2.h>

/* Options of libgit2 are set through a variadic function, which Swift cannot call. */
static inline int roost_git_set_options(void) {
    /* Security: no configuration of the machine or of a person decides what the server does. */
    int levels[] = {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
                    GIT_CONFIG_LEVEL_GLOBAL};
    for (int i = 0; i < 4; i++) {
        int error = git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
        if (error < 0) return error;
    }
    /* The folder is the server's own, whoever owns it on a mounted disk; nothing in it is ever run. */
    int error = git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    if (error < 0) return error;
    /* Acknowledged means durable. */
    error = git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
    if (error < 0) return error;
    /* What lies in a repository was checked when it came; git itself does not hash again what it reads. */
    error = git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
    if (error < 0) return error;
    /* Memory is bounded: what handles remember of objects, and what of packs is mapped at a time. */
    error = git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, (ssize_t)(64 << 20));
    if (error < 0) return error;
    return git_libgit2_opts(GIT_OPT_SET_MWINDOW_FILE_LIMIT, (size_t)256);
}
