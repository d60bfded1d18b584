using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>`infra/run.sh --demo`, as a newcomer has it, in a folder of its own. The server is the one that was published for all these tests.</summary>
internal sealed partial class DemoServer : IAsyncDisposable
{
    private const string NewPassword = "seven quiet lanterns by the lake";

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private readonly string folder;
    private readonly ProcessOutput output = new();
    private readonly Process process;
    private string password = "";

    private DemoServer()
    {
        folder = Directory.CreateTempSubdirectory("recordingvault-demo-test-").FullName;
        process = Start(folder, output);
    }

    public Uri Address { get; private set; } = new("http://localhost");

    public string Mail { get; private set; } = "";

    public string Output => output.ToString();

    /// <summary>Waits until it says who may sign in; its recordings come one after the other behind that.</summary>
    public static async Task<DemoServer> StartAsync(CancellationToken ct)
    {
        var demo = new DemoServer();
        try
        {
            var told = Told().Match(await demo.LineAsync(line => line.StartsWith("The demo's member:", StringComparison.Ordinal), s_limit, ct));
            Assert.True(told.Success, demo.Output);
            (demo.Address, demo.Mail, demo.password) = (new Uri(told.Groups["address"].Value), told.Groups["mail"].Value, told.Groups["password"].Value);
            return demo;
        }
        catch
        {
            await demo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until all recordings are there, and returns the link that it prints for a guest.</summary>
    public async Task<string> GuestLinkAsync(TimeSpan limit, CancellationToken ct)
    {
        const string before = "Claire's link, for another browser: ";
        return (await LineAsync(line => line.StartsWith(before, StringComparison.Ordinal), limit, ct))[before.Length..];
    }

    /// <summary>Signs in as the member that it told of; the first time with his own password from there on.</summary>
    public async Task SignInAsync(IPage page)
    {
        await page.GotoAsync("/signin");
        await page.FillAsync("[name=email]", Mail);
        await page.FillAsync("#password", password);
        await page.PressAsync("#password", "Enter");
        if (password != NewPassword)
        {
            await page.GetByLabel("Present password").FillAsync(password);
            await page.FillAsync("#newPassword", NewPassword);
            await page.PressAsync("#newPassword", "Enter");
            password = NewPassword;
        }

        await page.ArriveAsync(address => !address.Contains("password", StringComparison.Ordinal) && !address.Contains("signin", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        using (var stop = Process.Start("kill", ["-TERM", $"{process.Id}"]))
            await stop.WaitForExitAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        // The server, and what still made films for it.
        await ProcessesOf.UntilEndedAsync(folder);
        Directory.Delete(folder, recursive: true);
    }

    private static Process Start(string folder, ProcessOutput output)
    {
        var start = new ProcessStartInfo(Path.Combine(Checkout.Folder, "infra", "run.sh"), ["--demo", "--urls", $"http://localhost:{FreePort()}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("Vault__", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        start.Environment["VAULT_BUILD"] = Path.Combine(AppContext.BaseDirectory, "server");
        start.Environment["Vault__DataDirectory"] = Path.Combine(folder, "data");
        start.Environment["TMPDIR"] = folder;
        var demo = new Process { StartInfo = start };
        demo.OutputDataReceived += (_, line) => output.Add(line.Data);
        demo.ErrorDataReceived += (_, line) => output.Add(line.Data);
        demo.Start();
        demo.BeginOutputReadLine();
        demo.BeginErrorReadLine();
        return demo;
    }

    private async Task<string> LineAsync(Func<string, bool> wanted, TimeSpan longest, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(longest);
        try
        {
            return await output.LineAsync(wanted, limit.Token);
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"The demo did not say it:\n{output}", late);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("sign in at (?<address>http://[^/ ]+)/signin as (?<mail>\\S+) with the password (?<password>\\S+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Told();
}
