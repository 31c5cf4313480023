CREATE TABLE `repositories` (
  `id` text PRIMARY KEY NOT NULL,
  `full_name` text NOT NULL,
  `stars` integer DEFAULT 0 NOT NULL,
  `revision` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `labels` (
  `id` text PRIMARY KEY NOT NULL,
  `repository_id` text NOT NULL,
  `name` text NOT NULL,
  `color` text NOT NULL,
  `revision` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `labels_repository` ON `labels` (`repository_id`);
--> statement-breakpoint
CREATE TABLE `issues` (
  `id` text PRIMARY KEY NOT NULL,
  `repository_id` text NOT NULL,
  `kind` text NOT NULL,
  `number` integer NOT NULL,
  `title` text NOT NULL,
  `body` text DEFAULT '' NOT NULL,
  `state` text DEFAULT 'open' NOT NULL,
  `draft` integer DEFAULT false NOT NULL,
  `locked` integer DEFAULT false NOT NULL,
  `pinned` integer DEFAULT false NOT NULL,
  `labels` text DEFAULT '[]' NOT NULL,
  `assignees` text DEFAULT '[]' NOT NULL,
  `milestone` text,
  `author` text NOT NULL,
  `comments` integer DEFAULT 0 NOT NULL,
  `changed_at` text NOT NULL,
  `revision` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `issues_changed` ON `issues` (`changed_at`);
--> statement-breakpoint
CREATE TABLE `comments` (
  `id` text PRIMARY KEY NOT NULL,
  `issue_id` text NOT NULL,
  `author` text NOT NULL,
  `body` text NOT NULL,
  `written_at` text NOT NULL,
  `revision` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `comments_issue` ON `comments` (`issue_id`);
--> statement-breakpoint
CREATE TABLE `activities` (
  `id` text PRIMARY KEY NOT NULL,
  `event` text NOT NULL,
  `action` text,
  `actor` text NOT NULL,
  `summary` text NOT NULL,
  `repository` text,
  `issue_id` text,
  `happened_at` text NOT NULL,
  `payload` text
);
--> statement-breakpoint
CREATE INDEX `activities_happened` ON `activities` (`happened_at`);
--> statement-breakpoint
CREATE TABLE `members` (
  `repository_id` text NOT NULL,
  `name` text NOT NULL,
  `joined_at` text NOT NULL,
  PRIMARY KEY(`repository_id`, `name`)
);
--> statement-breakpoint
CREATE TABLE `notes` (
  `id` text PRIMARY KEY NOT NULL,
  `repository_id` text NOT NULL,
  `author` text NOT NULL,
  `body` text NOT NULL,
  `written_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `notes_repository` ON `notes` (`repository_id`);
