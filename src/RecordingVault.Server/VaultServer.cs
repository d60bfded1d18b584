using Microsoft.Extensions.Options;
using RecordingVault.Server.Commands.Checks;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Asking;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Consent;
using RecordingVault.Server.Features.Contacts;
using RecordingVault.Server.Features.Export;
using RecordingVault.Server.Features.Factors;
using RecordingVault.Server.Features.Joining;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Operators;
using RecordingVault.Server.Features.Passkeys;
using RecordingVault.Server.Features.People;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recovery;
using RecordingVault.Server.Features.Regrouping;
using RecordingVault.Server.Features.Retention;
using RecordingVault.Server.Features.Rights;
using RecordingVault.Server.Features.Sessions;
using RecordingVault.Server.Features.Settings;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Features.Signing;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.Tokens;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Features.UsageTags.Crawlers;
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
        builder.Services.AddSigning();
        builder.Services.AddMembers();
        builder.Services.AddFactors();
        builder.Services.AddMail();
        builder.Services.AddPasskeys();
        builder.Services.AddSessions();
        builder.Services.AddJoining();
        builder.Services.AddRecovery();
        builder.Services.AddPeople();
        builder.Services.AddUsageTags();
        builder.Services.AddRecordings();
        builder.Services.AddConsent();
        builder.Services.AddRetention();
        builder.Services.AddProcessing();
        builder.Services.AddPlayback();
        builder.Services.AddSharing();
        builder.Services.AddAsking();
        builder.Services.AddContacts();
        builder.Services.AddUploads();
        builder.Services.AddRegrouping();
        builder.Services.AddExport();
        builder.Services.AddRights();
        builder.Services.AddSettings();

        builder.Services.AddTokens();
        builder.Services.AddOperators();

        builder.Services.AddScoped<IHealthLook, VaultExamination>();
        builder.Services.AddSingleton<NeedsHttpsAnswer>(NeedsHttps.WriteAsync);
        builder.Services.AddScoped<VaultMigrator>();
        builder.Services.AddScoped<VaultStart>();
        builder.Services.AddSingleton<VaultGreeting>();
        builder.Services.AddSingleton<Schedule>();
        return builder;
    }

    public static WebApplication UseVault(this WebApplication app)
    {
        app.ListenOnVaultAddresses();
        app.UseExceptionHandler();
        app.UseVaultHeaders();
        if (!app.Services.GetRequiredService<IOptions<VaultOptions>>().Value.IsWeb)
        {
            // A node that only works answers whoever watches over it, and nobody else.
            app.MapHealth();
            app.MapFallback("{*path}", () => Problem.NotFound.ToResult()).AllowAnonymous();
            return app;
        }

        app.UseMarkHeaders();
        app.UseVaultForwarding();
        app.UseMiddleware<HostGuard>();
        app.UseCookiePolicy();
        app.UseTusMethodOverride();
        app.UseRouting();
        app.UseMiddleware<ListenerGuard>();
        app.UseMiddleware<CrawlerGuard>();
        app.UseAuthentication();
        app.UseMiddleware<CrossSiteGuard>();
        app.UseMiddleware<PasswordChangeGate>();
        app.UseMiddleware<TwoFactorGate>();
        app.UseAuthorization();

        app.MapPageAssets();
        app.MapHealth();
        app.MapOpenApi().RequireAuthorization(Policies.Member);
        app.MapUsageTags();
        app.MapSigning();
        app.MapMembers();
        app.MapFactors();
        app.MapPasskeys();
        app.MapSessions();
        app.MapJoining();
        app.MapRecovery();
        app.MapPeople();
        app.MapRecordings();
        app.MapConsent();
        app.MapRetention();
        app.MapProcessing();
        app.MapPlayback();
        app.MapSharing();
        app.MapAsking();
        app.MapContacts();
        app.MapUploads();
        app.MapRegrouping();
        app.MapRights();
        app.MapSettings();
        app.MapAudit();
        app.MapExport();
        app.MapTokens();
        app.MapOperators();
        app.MapTenantPages();
        return app;
    }
}
