# The vault as an image: built with the SDK, run without it, as a user without rights, on a root file system that may be read-only
# (`docker run --read-only --tmpfs /tmp -v vault:/data …`). infra/compose.yaml shows the whole.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends nodejs npm \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /vault
ENV CI=true DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
COPY Directory.Build.props Directory.Packages.props global.json .editorconfig ./
COPY src src
RUN dotnet publish src/RecordingVault.Server -c Release -o /out/server \
 && dotnet publish src/RecordingVault.Cli -c Release -o /out/cli

FROM mcr.microsoft.com/dotnet/aspnet:10.0
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg bubblewrap socat fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir -m 0700 /data \
 && chown "$APP_UID" /data
COPY --from=build /out/server /opt/vault/server
COPY --from=build /out/cli /opt/vault/cli
WORKDIR /opt/vault/server
# No process of the same user may attach to the server and read keys; temporary files belong in memory (mount a tmpfs on /tmp).
ENV DOTNET_EnableDiagnostics=0 \
    ASPNETCORE_URLS=http://+:8080 \
    Vault__DataDirectory=/data \
    TMPDIR=/tmp
USER $APP_UID
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["dotnet", "RecordingVault.Server.dll"]
