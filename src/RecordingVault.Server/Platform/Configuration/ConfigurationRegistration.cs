using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Platform.Hosting;

namespace RecordingVault.Server.Platform.Configuration;

internal static class ConfigurationRegistration
{
    /// <summary>Reads and checks what must be known before services are made. A wrong value stops the start with the key's name and the cure.</summary>
    public static VaultOptions AddVaultConfiguration(this WebApplicationBuilder builder)
    {
        // What the framework says of queries, requests and keys is noise to the person who runs a vault, and queries name columns.
        foreach (var noisy in new[] { "Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Hangfire" })
            builder.Logging.AddFilter(noisy, LogLevel.Warning);
        // It warns that a page with a form is not cached after all: none is meant to be.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery.DefaultAntiforgery", LogLevel.Error);
        builder.Services.AddOptions<VaultOptions>().BindConfiguration("Vault").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<VaultOptions>, VaultOptionsCheck>();
        VaultOptions vault;
        try
        {
            vault = builder.Configuration.GetSection("Vault").Get<VaultOptions>() ?? new VaultOptions();
        }
        catch (InvalidOperationException wrong)
        {
            throw new VaultStartException(wrong.Message.Replace("Vault:", "Vault__", StringComparison.Ordinal) + " See docs/operations.md for the values it takes.");
        }

        if (new VaultOptionsCheck(builder.Configuration).Validate(null, vault) is { Failed: true } failed)
            throw new VaultStartException(string.Join(Environment.NewLine, failed.Failures));
        // The key's provider takes the root key from the environment itself; the configuration must not keep it, as text, as long as the process lives.
        builder.Configuration["Vault:Keys:Root"] = null;
        vault.Setup.Password = null;
        // What this process starts later inherits its environment.
        foreach (var secret in new[] { "Vault__Storage__S3__SecretKey", "Vault__Storage__Former__S3__SecretKey", "Vault__Smtp__Password" })
            Environment.SetEnvironmentVariable(secret, null);
        return vault;
    }

    /// <summary>Forwarded headers are believed from the configured proxies and from nobody else (security.md 9).</summary>
    public static WebApplication UseVaultForwarding(this WebApplication app)
    {
        var trusted = app.Services.GetRequiredService<IOptions<VaultOptions>>().Value.Proxy.Addresses();
        if (trusted.Count == 0)
            return app;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = 1 };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var address in trusted)
            options.KnownProxies.Add(address);
        app.UseForwardedHeaders(options);
        return app;
    }
}

internal sealed class VaultOptionsCheck(IConfiguration configuration) : IValidateOptions<VaultOptions>
{
    public ValidateOptionsResult Validate(string? name, VaultOptions options)
    {
        var failures = new List<string>();
        if (options.Database is { Provider: DatabaseProvider.PostgreSql, ConnectionString: null or "" })
            failures.Add("Vault__Database__ConnectionString is needed with PostgreSQL, such as Host=localhost;Database=vault;Username=vault.");
        if (options.PublicUrl is { } url && (!url.IsAbsoluteUri || url.PathAndQuery != "/" || (url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback)))
            failures.Add("Vault__PublicUrl is an https address without a path, such as https://vault.example.");
        if (options.Proxy.Trusted.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Any(text => !IPAddress.TryParse(text, out _)))
            failures.Add("Vault__Proxy__Trusted is a list of addresses, such as 127.0.0.1, 10.0.0.2.");
        if (string.Equals(configuration["FORWARDEDHEADERS_ENABLED"] ?? configuration["ASPNETCORE_FORWARDEDHEADERS_ENABLED"], "true", StringComparison.OrdinalIgnoreCase))
            failures.Add("ASPNETCORE_FORWARDEDHEADERS_ENABLED believes every sender. Remove it and name your proxy in Vault__Proxy__Trusted.");
        if (options.Roles.Split(',', StringSplitOptions.TrimEntries).Any(role => role is not ("web" or "worker")))
            failures.Add("Vault__Roles is web, worker, or web,worker.");
        if (options.Setup is { Email: not null } or { Password: not null } or { Tenant: not null } && options.Setup is { Email: null } or { Password: null } or { Tenant: null })
            failures.Add("Vault__Setup__Email, Vault__Setup__Password and Vault__Setup__Tenant belong together: set all three or none.");
        failures.AddRange(ManagementFaults());
        failures.AddRange(options.Storage.Faults());
        failures.AddRange(options.Smtp.Faults(options.PublicUrl));
        if (options.Uploads.MaxLength is < 1 or > 274_877_906_944)
            failures.Add("Vault__Uploads__MaxLength is between 1 byte and 256 GiB (274877906944).");
        // The framework looks at the outermost object alone.
        foreach (var part in new object[] { options.Scrub, options.Processing, options.Links, options.Backup })
        {
            var wrong = new List<ValidationResult>();
            if (!Validator.TryValidateObject(part, new ValidationContext(part), wrong, validateAllProperties: true))
                failures.AddRange(wrong.Select(one => one.ErrorMessage!));
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    /// <summary>The operator's listener is reached from this machine alone or over https, and is never one that members and guests come by.</summary>
    private IEnumerable<string> ManagementFaults()
    {
        var open = ListenerAddresses.Of(configuration).Select(Place).OfType<ListenerPlace>().ToHashSet();
        foreach (var address in ListenerAddresses.Management(configuration))
        {
            if (Place(address) is not { } place)
                yield return $"Vault__Management__Urls: {address} is no address to listen on, such as http://localhost:8081.";
            else if (!ListenerAddresses.IsLoopback(address) && !address.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
                yield return $"Vault__Management__Urls: {address} can be reached from other machines over plain http. Listen on this machine alone, such as http://localhost:8081, or by https.";
            else if (open.Contains(place))
                yield return $"Vault__Management__Urls: {address} is where the vault listens for everybody. Give the operator a port of his own, such as http://localhost:8081.";
        }
    }

    private static ListenerPlace? Place(string address)
    {
        try
        {
            return ListenerPlace.Of(address);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

internal static class ProxyOptionsExtensions
{
    public static IReadOnlyList<IPAddress> Addresses(this ProxyOptions proxy) =>
        [.. proxy.Trusted.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)];
}
