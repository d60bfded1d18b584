using System.Diagnostics;

namespace RecordingVault.Benchmarks.Servers;

/// <summary>nginx with sendfile, a worker for each core, and DAV PUT into its folder. It has no setting that flushes what it wrote.</summary>
internal static class Nginx
{
    public static Task<MeasuredServer> StartAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(folder, "www"));
        Directory.CreateDirectory(Path.Combine(folder, "tmp"));
        var port = MeasuredServer.FreePort();
        var settings = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(settings, $$"""
            daemon off;
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            worker_processes {{Environment.ProcessorCount}};
            pid {{folder}}/nginx.pid;
            error_log {{folder}}/error.log;
            events { worker_connections 64; }
            http {
              access_log off;
              types { text/html html; video/mp4 mp4; }
              sendfile on;
              tcp_nopush on;
              keepalive_requests 1000000;
              client_max_body_size 0;
              client_body_temp_path {{folder}}/tmp/body;
              proxy_temp_path {{folder}}/tmp/proxy;
              fastcgi_temp_path {{folder}}/tmp/fastcgi;
              uwsgi_temp_path {{folder}}/tmp/uwsgi;
              scgi_temp_path {{folder}}/tmp/scgi;
              server {
                listen 127.0.0.1:{{port}};
                root {{folder}}/www;
                dav_methods PUT;
              }
            }
            """);
        var start = new ProcessStartInfo("nginx", ["-e", $"{folder}/error.log", "-p", folder, "-c", settings]);
        return MeasuredServer.StartAsync(start, port, null, cancellationToken);
    }
}
