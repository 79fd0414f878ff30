//! Settings and the sites that they are for.

use std::collections::BTreeMap;

use super::error::Section;
use super::{BreakerSettings, CallInfo, Settings, SettingsError, SettingsRule};
use crate::BreakerPolicy;
use crate::retry::site::{Change, Function, Site};

/// A breaker's name and what is declared for it.
pub(super) type Declared = (String, BreakerPolicy);

/// The settings in force, and the sites that have been called. The program has one, and so has each test scope.
#[derive(Debug)]
pub(crate) struct Book {
    // Whether sites remember what holds. In a scope they do not: they belong to the program.
    remembered: bool,
    settings: Settings,
    known: Vec<Known>,
    // Counts changes of what is set for breakers.
    version: u64,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    site: &'static Site,
    function: Function,
}

impl Known {
    fn change(self, settings: &Settings) -> Result<Change, SettingsRule> {
        match settings.calls.get(self.site.operation()) {
            Some(set) => set.change(self.site, self.function),
            None => Ok(self.site.written()),
        }
    }

    fn info(self, settings: &Settings) -> CallInfo {
        let change = self
            .change(settings)
            .unwrap_or_else(|_| self.site.written());
        let (file, line) = self.site.place();
        CallInfo {
            operation: self.site.operation(),
            file,
            line,
            policy: self.site.is_bounded().then_some(change.policy),
            enabled: change.enabled,
        }
    }
}

impl Book {
    pub(super) const fn of_the_program() -> Self {
        Self::new(true)
    }

    #[cfg(feature = "test-util")]
    pub(crate) const fn of_a_scope() -> Self {
        Self::new(false)
    }

    const fn new(remembered: bool) -> Self {
        Self {
            remembered,
            settings: Settings::new(),
            known: Vec::new(),
            version: 0,
        }
    }

    pub(super) const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The site that holds; and, when the site is new here, why its settings are left out if they are.
    pub(super) fn meet(
        &mut self,
        site: &'static Site,
        function: Function,
    ) -> (&'static Site, Option<SettingsRule>) {
        let known = Known { site, function };
        let is_new = !self
            .known
            .iter()
            .any(|known| core::ptr::eq(known.site, site));
        if is_new {
            self.known.push(known);
        }
        match known.change(&self.settings) {
            Ok(change) => (self.put(site, &change), None),
            Err(rule) => (self.put(site, &site.written()), is_new.then_some(rule)),
        }
    }

    fn put(&self, site: &'static Site, change: &Change) -> &'static Site {
        let current = site.with_change(change);
        if self.remembered {
            site.hold(current);
        }
        current
    }

    /// Replaces the settings if every entry fits.
    pub(super) fn replace(
        &mut self,
        settings: Settings,
        declared: &[Declared],
    ) -> Result<(), SettingsError> {
        self.check_calls(&settings)?;
        check_breakers(&settings, declared)?;
        // One whose settings were left out when it turned up has been refused above, or is no longer named.
        for known in &self.known {
            let change = known
                .change(&settings)
                .unwrap_or_else(|_| known.site.written());
            self.put(known.site, &change);
        }
        if self.settings.breakers != settings.breakers {
            self.version += 1;
        }
        self.settings = settings;
        Ok(())
    }

    fn check_calls(&self, settings: &Settings) -> Result<(), SettingsError> {
        for (name, set) in &settings.calls {
            let refuse = |rule| SettingsError::new(Section::Calls, name, rule);
            set.check_alone().map_err(refuse)?;
            let named = self
                .known
                .iter()
                .filter(|known| known.site.operation() == name);
            for known in named {
                set.change(known.site, known.function).map_err(refuse)?;
            }
        }
        Ok(())
    }

    pub(super) fn calls(&self) -> Vec<CallInfo> {
        let infos = self.known.iter().map(|known| known.info(&self.settings));
        let mut infos: Vec<_> = infos.collect();
        infos.sort_by_key(|info| (info.operation, info.file, info.line));
        infos
    }

    /// What is set for breakers, and which version of it this is.
    pub(super) fn breakers(&self) -> (u64, BTreeMap<String, BreakerSettings>) {
        (self.version, self.settings.breakers.clone())
    }
}

fn check_breakers(settings: &Settings, declared: &[Declared]) -> Result<(), SettingsError> {
    for (name, set) in &settings.breakers {
        let refuse = |rule| SettingsError::new(Section::Breakers, name, rule);
        set.check_alone().map_err(refuse)?;
        for (_, declared) in declared.iter().filter(|(of, _)| of == name) {
            set.policy(declared).map_err(refuse)?;
        }
    }
    Ok(())
}
