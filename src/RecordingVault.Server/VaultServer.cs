using Microsoft.Extensions.Options;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server;

/// <summary>The contents page of the server: what it is made of, what every request passes, what it answers to.</summary>
internal static class VaultServer
{
    public static WebApplicationBuilder AddVault(this WebApplicationBuilder builder)
    {
        var vault = builder.AddVaultConfiguration();
        builder.AddVaultListeners();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddData();
        builder.Services.AddVaultDataProtection();
        builder.Services.AddVaultSecurity();
        builder.Services.AddJobs(vault);
        builder.Services.AddHealth();
        builder.Services.AddPages();
        builder.Services.AddOpenApi("v1");

        builder.Services.AddKeys();
        builder.Services.AddAudit();
        builder.Services.AddTenants();
        builder.Services.AddMembers();
        builder.Services.AddRecordings();
        builder.Services.AddProcessing();
        builder.Services.AddPlayback();
        builder.Services.AddSharing();
        builder.Services.AddUploads();

        builder.Services.AddSingleton<NeedsHttpsAnswer>(NeedsHttps.WriteAsync);
        builder.Services.AddScoped<VaultMigrator>();
        builder.Services.AddScoped<VaultStart>();
        builder.Services.AddSingleton<VaultGreeting>();
        builder.Services.AddSingleton<Schedule>();
        return builder;
    }

    public static WebApplication UseVault(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseVaultHeaders();
        if (!app.Services.GetRequiredService<IOptions<VaultOptions>>().Value.IsWeb)
        {
            // A node that only works answers whoever watches over it, and nobody else.
            app.MapHealth();
            app.MapFallback("{*path}", () => Problem.NotFound.ToResult()).AllowAnonymous();
            return app;
        }

        app.UseUsageHeaders();
        app.UseVaultForwarding();
        app.UseMiddleware<HostGuard>();
        app.UseCookiePolicy();
        app.UseTusMethodOverride();
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<CrossSiteGuard>();
        app.UseMiddleware<PasswordChangeGate>();
        app.UseAuthorization();

        app.MapPageAssets();
        app.MapHealth();
        app.MapOpenApi().RequireAuthorization(Policies.Member);
        app.MapUsageTags();
        app.MapMembers();
        app.MapRecordings();
        app.MapPlayback();
        app.MapSharing();
        app.MapUploads();
        app.MapAudit();
        app.MapTenantPages();
        return app;
    }
}
