using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>Uploads by what people have at hand: curl in a shell, Uppy in a page. (tus-js-client: <see cref="KillTests"/>.)</summary>
[Trait("Needs", "Browser")]
public sealed class ForeignClientTests(Browser browser, TusClients clients)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Uppy_goes_on_over_a_server_that_is_killed_and_the_file_is_the_same()
    {
        const int length = (12 * 1024 * 1024) + 4_321;
        await using var server = await ServerProcess.StartAsync([], Ct);
        // How far a page believes it has come is no measure: the sockets' buffers of a machine may hold most of the file.
        await using var line = new SendingLine(server.Address, 8_000_000, standAfter: length / 2);
        await using var helen = await new Story(browser, server).SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        var page = helen.Page;
        await page.GotoAsync(new Uri(line.Address, "/upload").ToString());
        await page.EvaluateAsync(await clients.UppyAsync(Ct));

        var uploading = page.EvaluateAsync<string>("length => uploadByUppy(length)", length);
        await line.Standing.WaitAsync(TimeSpan.FromMinutes(2), Ct);
        await server.KillAsync();
        await server.StartAgainAsync(Ct);
        line.Cut();
        var recording = await uploading.WaitAsync(TimeSpan.FromMinutes(2), Ct);

        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.CreateTokenAsync(Story.Mail, Story.House, Ct));
        Assert.Equal(SHA256.HashData(UppyFile(length)), await DigestAsync(server, recording));
    }

    [Fact]
    public async Task Curl_sends_a_file_in_pieces_goes_on_after_a_cut_and_checks_its_sum()
    {
        await using var server = ServerProcess.Prepare([]);
        await server.RunAsync(["tenant", "create", Story.House], Ct);
        await server.RunAsync(["member", "create", "--email", Story.Mail, "--tenant", Story.House, "--role", "owner"], Ct);
        var token = await server.CreateTokenAsync(Story.Mail, Story.House, Ct);
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await server.StartAgainAsync(Ct);
        var folder = Directory.CreateDirectory(Path.Combine(server.TemporaryFolder, "curl")).FullName;
        var file = RandomNumberGenerator.GetBytes(9_000_000);
        "fLaC"u8.CopyTo(file);
        await File.WriteAllBytesAsync(Path.Combine(folder, "meeting.mp4"), file, Ct);
        // As docs/api.md says. The second command is cut by its own time limit in the middle of its body; bytes that were on their way then may still
        // count after the offset was told: the next part is told so by 409, and asks again.
        var script = $"""
            set -eu
            auth='Authorization: Bearer {token}'
            tus='Tus-Resumable: 1.0.0'
            size=$(stat -c %s meeting.mp4)
            curl -fsS -D created -o /dev/null -X POST -H "$auth" -H "$tus" -H "Upload-Length: $size" -H "Upload-Metadata: filename $(printf meeting.mp4 | base64)" {server.Address}api/v1/uploads
            upload=$(sed -n 's/^[Ll]ocation: *//p' created | tr -d '\r')
            case $upload in http*) ;; *) upload={server.Address.GetLeftPart(UriPartial.Authority)}$upload ;; esac
            curl -sS --limit-rate 3M --max-time 1 -X PATCH -H "$auth" -H "$tus" -H 'Content-Type: application/offset+octet-stream' -H 'Upload-Offset: 0' --data-binary @meeting.mp4 "$upload" || true
            for try in 1 2 3 4 5; do
              offset=$(curl -fsSI -H "$auth" -H "$tus" "$upload" | sed -n 's/^[Uu]pload-[Oo]ffset: *//p' | tr -d '\r')
              tail -c "+$((offset + 1))" meeting.mp4 > rest
              sum=$(openssl dgst -sha256 -binary rest | base64)
              status=$(curl -sS -o /dev/null -w '%{"{http_code}"}' -X PATCH -H "$auth" -H "$tus" -H 'Content-Type: application/offset+octet-stream' -H "Upload-Offset: $offset" -H "Upload-Checksum: sha256 $sum" --data-binary @rest "$upload")
              [ "$status" = 409 ] || break
            done
            echo "offset $offset"
            echo "status $status"
            sed -n 's/^[Vv]ault-[Rr]ecording: */recording /p' created | tr -d '\r'
            """;

        var said = await ShellAsync(script, folder);

        var words = said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToDictionary(line => line[0], line => line[1], StringComparer.Ordinal);
        Assert.InRange(long.Parse(words["offset"], CultureInfo.InvariantCulture), 1, file.Length - 1);
        Assert.Equal("204", words["status"]);
        Assert.Equal(SHA256.HashData(file), await DigestAsync(server, words["recording"]));
    }

    private static async Task<byte[]> DigestAsync(ServerProcess server, string recording)
    {
        await using var content = await server.Client.GetStreamAsync(new Uri($"{recording}/download", UriKind.Relative), Ct);
        return await SHA256.HashDataAsync(content, Ct);
    }

    /// <summary>The same rule as in Clients/uppy.mjs.</summary>
    private static byte[] UppyFile(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = (byte)((i * 31) + ((i >> 8) * 7) + (i >> 16));
        "\0\0\0\u0018ftypisom\0\0\0\0isommp42"u8.CopyTo(bytes);
        return bytes;
    }

    private static async Task<string> ShellAsync(string script, string folder)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var (output, errors) = (shell.StandardOutput.ReadToEndAsync(Ct), shell.StandardError.ReadToEndAsync(Ct));
        await shell.WaitForExitAsync(Ct);
        return shell.ExitCode == 0 ? await output : throw new InvalidOperationException($"The shell ended with {shell.ExitCode}: {await errors}");
    }
}
