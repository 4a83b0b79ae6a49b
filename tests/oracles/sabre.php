<?php
// A CalDAV server of sabre/dav, the engine of Nextcloud, ownCloud and Baïkal: php -S HOST:PORT -t FOLDER sabre.php
// FOLDER/it.sqlite has the tables of its PDO backends, and a table `users` of names and passwords.

error_reporting(E_ALL & ~E_DEPRECATED);
ini_set('display_errors', '0');
date_default_timezone_set('UTC');
require_once 'Sabre/autoload.php';

class Login extends Sabre\DAV\Auth\Backend\AbstractBasic
{
    private $database;

    public function __construct(PDO $database)
    {
        $this->database = $database;
    }

    protected function validateUserPass($user, $password)
    {
        $found = $this->database->prepare('SELECT 1 FROM users WHERE name = ? AND password = ?');
        $found->execute([$user, $password]);
        return $found->fetchColumn() !== false;
    }
}

$database = new PDO('sqlite:' . $_SERVER['DOCUMENT_ROOT'] . '/it.sqlite');
$database->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
$principals = new Sabre\DAVACL\PrincipalBackend\PDO($database);
$server = new Sabre\DAV\Server([
    new Sabre\CalDAV\Principal\Collection($principals),
    new Sabre\CalDAV\CalendarRootNode($principals, new Sabre\CalDAV\Backend\PDO($database)),
]);
$server->setBaseUri('/');
$server->addPlugin(new Sabre\DAV\Auth\Plugin(new Login($database), 'tests'));
$server->addPlugin(new Sabre\DAVACL\Plugin());
$server->addPlugin(new Sabre\CalDAV\Plugin());
$server->exec();
