# Sourced after tests/setup.sh by what tests against programs that others wrote.

npm_folder=$root/.build/npm
npm_packages=(@modelcontextprotocol/conformance@0.2.0-alpha.12 @modelcontextprotocol/sdk@1.32.2 oidc-provider@9.13.3
    @smithy/signature-v4@5.7.5 http-message-signatures@1.0.6 ws@8.18.3)

# install_npm_packages: into $npm_folder, once; afterwards `node` is 22 or newer. Where npm takes them from is its own
# configuration's business. False when it can't.
install_npm_packages() {
    local major log=$root/.build/logs/npm.log wanted=("${npm_packages[@]}")
    major=$(PATH=${PATH#"$npm_folder/node_modules/.bin:"} node --version 2>/dev/null) # the machine's own
    major=${major#v}
    [ "${major%%.*}" -ge 22 ] 2>/dev/null || wanted+=(node@22)
    mkdir -p "$npm_folder"
    exec 8>"$npm_folder/lock"
    flock 8
    if [ "$(cat "$npm_folder/installed" 2>/dev/null)" != "${wanted[*]}" ]; then
        command -v npm >/dev/null || install_packages npm
        say "installing from npm: ${wanted[*]}"
        rm -rf "$npm_folder/node_modules" "$npm_folder/installed"
        echo '{"private":true}' >"$npm_folder/package.json" # else npm looks for one in the folders above
        npm install --prefix "$npm_folder" --no-save --no-package-lock --no-audit --no-fund --loglevel=error \
            "${wanted[@]}" </dev/null >"$log" 2>&1 8>&- ||
            { show_failure "$log" "npm could not install ${wanted[*]}"; exec 8>&-; return 1; }
        echo "${wanted[*]}" >"$npm_folder/installed"
    fi
    exec 8>&-
    [ ! -x "$npm_folder/node_modules/.bin/node" ] || export PATH="$npm_folder/node_modules/.bin:$PATH"
}
