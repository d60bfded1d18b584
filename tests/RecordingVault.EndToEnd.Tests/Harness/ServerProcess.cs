using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>
/// The published server as a process of its own, on a free port and over a folder of its own, which holds its data and its temporary files.
/// It can be killed at any instant and started again over the same data; disposing ends this process and no other.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "server", "RecordingVault.Server.dll");

    private readonly Dictionary<string, string> environment;
    private Process? process;

    private ServerProcess(IEnumerable<KeyValuePair<string, string>> settings)
    {
        Folder = Directory.CreateTempSubdirectory("recordingvault-e2e-").FullName;
        Directory.CreateDirectory(TemporaryFolder);
        Address = new Uri($"http://localhost:{FreePort()}");
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(5) };
        environment = new(StringComparer.Ordinal)
        {
            ["Vault__DataDirectory"] = DataFolder,
            ["ASPNETCORE_URLS"] = Address.GetLeftPart(UriPartial.Authority),
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["DOTNET_EnableDiagnostics"] = "0",
            // It lives for seconds: a second, better compilation of what runs often would never pay.
            ["DOTNET_TieredPGO"] = "0",
            ["DOTNET_TC_CallCountThreshold"] = "500",
            ["TMPDIR"] = TemporaryFolder,
        };
        foreach (var (name, value) in settings)
            environment[name] = value;
    }

    public string Folder { get; }

    public string DataFolder => Path.Combine(Folder, "data");

    public string TemporaryFolder => Path.Combine(Folder, "tmp");

    public Uri Address { get; }

    /// <summary>Of the running process.</summary>
    public int ProcessId => process?.Id ?? throw new InvalidOperationException("The server does not run.");

    public HttpClient Client { get; }

    /// <summary>Everything that the present run of the process wrote, to standard output and to standard error.</summary>
    public ProcessOutput Output { get; private set; } = new();

    /// <summary>A server that does not run yet, so that its folder can be filled first.</summary>
    public static ServerProcess Prepare(IEnumerable<KeyValuePair<string, string>> settings) => new(settings);

    public static async Task<ServerProcess> StartAsync(IEnumerable<KeyValuePair<string, string>> settings, CancellationToken ct)
    {
        var server = Prepare(settings);
        try
        {
            await server.StartAgainAsync(ct);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the process over the present data and returns when it says that it is ready.</summary>
    public async Task StartAgainAsync(CancellationToken ct)
    {
        Output = new ProcessOutput();
        process = Spawn([], Output, Output);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(StartLimit);
        while (!await IsReadyAsync(limit.Token))
        {
            if (process.HasExited)
                throw new InvalidOperationException($"The server ended with {process.ExitCode}:\n{Output}");
            try
            {
                await Task.Delay(50, limit.Token);
            }
            catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
            {
                throw new TimeoutException($"The server was not ready after {StartLimit}:\n{Output}", late);
            }
        }
    }

    /// <summary>Settings for what is started from now on; an empty value takes one away.</summary>
    public void Set(IEnumerable<KeyValuePair<string, string>> settings)
    {
        foreach (var (name, value) in settings)
        {
            if (value.Length == 0)
                environment.Remove(name);
            else
                environment[name] = value;
        }
    }

    /// <summary>The set-up link that a new vault prints, once.</summary>
    public async Task<Uri> SetupLinkAsync(CancellationToken ct)
    {
        var line = await Output.LineAsync(text => text.Contains("/setup", StringComparison.Ordinal) && text.Contains("http", StringComparison.Ordinal), ct);
        return new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..].Trim());
    }

    /// <summary>SIGKILL: nothing is flushed, nothing is said.</summary>
    public async Task KillAsync()
    {
        if (process is null)
            return;
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        process = null;
    }

    /// <summary>SIGTERM, as a service manager stops it; returns the exit code.</summary>
    public async Task<int> StopAsync(CancellationToken ct)
    {
        var stopping = process ?? throw new InvalidOperationException("The server does not run.");
        using (var signal = Process.Start("kill", ["-TERM", $"{stopping.Id}"]))
            await signal.WaitForExitAsync(ct);
        await stopping.WaitForExitAsync(ct);
        var code = stopping.ExitCode;
        stopping.Dispose();
        process = null;
        return code;
    }

    /// <summary>Runs a verb of the server (`token create …`) over the same data, beside the running server; returns what it wrote to standard output.</summary>
    public async Task<string> RunAsync(IReadOnlyList<string> verb, CancellationToken ct)
    {
        var (output, errors) = (new ProcessOutput(), new ProcessOutput());
        using var running = Spawn(verb, output, errors);
        await running.WaitForExitAsync(ct);
        return running.ExitCode == 0 ? output.ToString() : throw new InvalidOperationException($"The verb ended with {running.ExitCode}:\n{output}\n{errors}");
    }

    /// <summary>An API token of a member, made by the verb; it stands alone on the last line.</summary>
    public async Task<string> CreateTokenAsync(string member, string tenant, CancellationToken ct, string? role = null)
    {
        string[] asked = role is null ? [] : ["--role", role];
        return (await RunAsync(["token", "create", "--member", member, "--tenant", tenant, "--name", "test", .. asked], ct)).Split('\n')[^1];
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Client.Dispose();
        await ProcessesOf.UntilEndedAsync(Folder);
        Directory.Delete(Folder, recursive: true);
    }

    private Process Spawn(IReadOnlyList<string> arguments, ProcessOutput output, ProcessOutput errors)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        // A setting of the developer's own shell must not change what is tested.
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("Vault__", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var spawned = new Process { StartInfo = start };
        spawned.OutputDataReceived += (_, line) => output.Add(line.Data);
        spawned.ErrorDataReceived += (_, line) => errors.Add(line.Data);
        spawned.Start();
        spawned.BeginOutputReadLine();
        spawned.BeginErrorReadLine();
        return spawned;
    }

    private async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        try
        {
            using var answer = await Client.GetAsync(new Uri("/health/ready", UriKind.Relative), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // nobody listens yet
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
