#!/bin/bash
# Measures clones and pushes of a large repository at Roost beside `git http-backend` behind nginx, in the same run.
#
# Both serve the same files: the second repository is a copy of the first. Options go to `roost-bench git`; the size of
# the history is set by LARGE_REPOSITORY, such as "--commits 2000 --files 500 --megabytes 50".
set -euo pipefail
cd "$(dirname "$0")/.."

build=${BUILD:-.build/release}
read -ra size <<<"${LARGE_REPOSITORY:-}"

need() { printf '%s is missing: apt-get install %s\n' "$1" "$2" >&2; exit 1; }
nginx=$(command -v nginx || echo /usr/sbin/nginx)
fcgiwrap=$(command -v fcgiwrap || echo /usr/sbin/fcgiwrap)
[ -x "$nginx" ] || need nginx nginx-light
[ -x "$fcgiwrap" ] || need fcgiwrap fcgiwrap

folder=$(mktemp -d /tmp/roost-bench-git.XXXXXX)
running=()
finish() {
    for process in "${running[@]}"; do kill "$process" 2>/dev/null || true; done
    wait
    rm -rf "$folder"
}
trap finish EXIT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
roost_port=$(free_port)
nginx_port=$(free_port)
roost=http://127.0.0.1:$roost_port
peer=http://127.0.0.1:$nginx_port

echo "writing the history" >&2
git init --quiet --bare --initial-branch=main "$folder/source.git"
"$build/roost-bench" large-repository "${size[@]}" | git -C "$folder/source.git" fast-import --done --quiet

"$build/roost" serve --host 127.0.0.1 --port "$roost_port" --data "$folder/data" >"$folder/roost.log" 2>&1 &
running+=($!)
for _ in $(seq 100); do curl -sf "$roost/health" >/dev/null && break; sleep 0.1; done
for name in large empty; do
    curl -sf -X POST -H 'Content-Type: application/json' -d "{\"name\": \"$name\"}" "$roost/api/v1/user/repos" >/dev/null
done
echo "pushing it to Roost" >&2
git -C "$folder/source.git" push --quiet "$roost/local/large.git" main

# The first repositories of a server have the keys after that of the default workspace.
mkdir "$folder/served"
cp -a "$folder/data/repositories/2.git" "$folder/served/large.git"
git init --quiet --bare "$folder/served/empty.git"
for name in large empty; do
    git -C "$folder/served/$name.git" config http.receivepack true
    git -C "$folder/served/$name.git" config core.hooksPath /dev/null
done
FCGI_SOCKET=unix:$folder/fcgi.sock
"$fcgiwrap" -c 4 -s "$FCGI_SOCKET" >"$folder/fcgiwrap.log" 2>&1 &
running+=($!)
cat >"$folder/nginx.conf" <<CONFIGURATION
daemon off;
user root;
pid $folder/nginx.pid;
worker_processes auto;
events { worker_connections 256; }
http {
    access_log off;
    client_max_body_size 0;
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/unused1;
    fastcgi_temp_path $folder/unused2;
    scgi_temp_path $folder/unused3;
    uwsgi_temp_path $folder/unused4;
    server {
        listen 127.0.0.1:$nginx_port;
        location / {
            fastcgi_pass $FCGI_SOCKET;
            fastcgi_request_buffering off;
            fastcgi_buffering off;
            fastcgi_param SCRIPT_FILENAME $(git --exec-path)/git-http-backend;
            fastcgi_param GIT_PROJECT_ROOT $folder/served;
            fastcgi_param GIT_HTTP_EXPORT_ALL 1;
            fastcgi_param GIT_PROTOCOL \$http_git_protocol;
            fastcgi_param PATH_INFO \$uri;
            fastcgi_param QUERY_STRING \$query_string;
            fastcgi_param REQUEST_METHOD \$request_method;
            fastcgi_param CONTENT_TYPE \$content_type;
            fastcgi_param CONTENT_LENGTH \$content_length;
            fastcgi_param HTTP_CONTENT_ENCODING \$http_content_encoding;
            fastcgi_param REMOTE_USER bench;
        }
    }
}
CONFIGURATION
"$nginx" -e "$folder/nginx.log" -c "$folder/nginx.conf" &
running+=($!)
for _ in $(seq 100); do [ -S "$folder/fcgi.sock" ] && [ -f "$folder/nginx.pid" ] && break; sleep 0.1; done
chmod a+rw "$folder/fcgi.sock"

# A branch that stays, since the one that is shown first cannot be deleted.
git init --quiet --bare --initial-branch=main "$folder/seed.git"
seed=$(git -C "$folder/seed.git" -c user.name=bench -c user.email=bench@localhost commit-tree -m seed \
    "$(git -C "$folder/seed.git" hash-object -t tree -w /dev/null)")
for address in "$roost/local/empty.git" "$peer/empty.git"; do
    git -C "$folder/seed.git" push --quiet "$address" "$seed:refs/heads/main"
done

"$build/roost-bench" git --source "$folder/source.git" --folder "$folder/clones" \
    --clone "roost=$roost/local/large.git" --clone "nginx=$peer/large.git" \
    --push "roost=$roost/local/empty.git" --push "nginx=$peer/empty.git" "$@"
