using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>`infra/run.sh --demo`, as a newcomer has it: the member that it prints signs in, a recording is there and plays. The server is the one that was published for all these tests.</summary>
[Trait("Needs", "Browser")]
public sealed partial class DemoTests(Browser browser)
{
    private const string NewPassword = "seven quiet lanterns by the lake";

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_demo_serves_a_vault_into_which_its_member_signs_in_and_whose_recording_plays()
    {
        var folder = Directory.CreateTempSubdirectory("recordingvault-demo-test-").FullName;
        var output = new ProcessOutput();
        using var demo = Start(folder, output);
        try
        {
            var told = SignIn().Match(await LineAsync(output, line => line.StartsWith("The demo's member:", StringComparison.Ordinal)));
            Assert.True(told.Success, output.ToString());
            await using var newcomer = await browser.VisitAsync(new Uri(told.Groups["address"].Value), Screen.Desktop, ColorScheme.Light);
            var page = newcomer.Page;
            await page.GotoAsync("/signin");
            await page.FillAsync("[name=email]", told.Groups["mail"].Value);
            await page.FillAsync("#password", told.Groups["password"].Value);
            await page.PressAsync("#password", "Enter");
            await page.GetByLabel("Present password").FillAsync(told.Groups["password"].Value);
            await page.FillAsync("#newPassword", NewPassword);
            await page.PressAsync("#newPassword", "Enter");
            await page.ArriveAsync(address => !address.Contains("password", StringComparison.Ordinal));

            var first = page.GetByRole(AriaRole.Link, new() { Name = "Goals for the spring" }).First;
            await ReloadUntilAsync(page, first);
            await first.ClickAsync();
            await Story.PlayAsync(page, untilSeconds: 1);
            newcomer.ShouldBeQuiet();
            Assert.DoesNotContain("Set up the vault", output.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            using (var stop = Process.Start("kill", ["-TERM", $"{demo.Id}"]))
                await stop.WaitForExitAsync(CancellationToken.None);
            await demo.WaitForExitAsync(CancellationToken.None);
            // The server, and what still made films for it.
            await ProcessesOf.UntilEndedAsync(folder);
            Directory.Delete(folder, recursive: true);
        }
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

    private static async Task<string> LineAsync(ProcessOutput output, Func<string, bool> wanted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(s_limit);
        try
        {
            return await output.LineAsync(wanted, limit.Token);
        }
        catch (OperationCanceledException late) when (!Ct.IsCancellationRequested)
        {
            throw new TimeoutException($"The demo did not say it:\n{output}", late);
        }
    }

    /// <summary>Its recordings come one after the other.</summary>
    private static async Task ReloadUntilAsync(IPage page, ILocator there)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(s_limit);
        while (await there.CountAsync() == 0)
        {
            await Task.Delay(500, limit.Token);
            await page.GotoAsync("/");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("sign in at (?<address>http://[^/ ]+)/signin as (?<mail>\\S+) with the password (?<password>\\S+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex SignIn();
}
